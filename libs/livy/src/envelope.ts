import { type StatementInfo } from './api.js';
import { LivyError } from './errors.js';

/** A result too large to travel inline: it was written where the spill option said. */
export interface SpillPointer {
  /** Hadoop path, as it was given. */
  readonly path: string;
  /** Size of the JSON, in bytes. */
  readonly bytes: number;
}

/** What a program gave. */
export interface Answer {
  /** The program's `result`, through JSON; null when it was spilled. */
  readonly result: unknown;
  readonly spill: SpillPointer | null;
  /** What the program printed, its last 64 KiB. */
  readonly stdout: string;
}

type Json = Readonly<Record<string, unknown>>;

/** The JSON object of the reply's last line, if it is one. */
function parseEnvelope(text: string): Json | undefined {
  const line = text.slice(text.trimEnd().lastIndexOf('\n') + 1);
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && (value as Json)['livy'] === 1 ? (value as Json) : undefined;
  } catch {
    return undefined;
  }
}

/** Tells what an output without an envelope means: never that the program answered. */
function withoutEnvelope(statement: StatementInfo): LivyError {
  const { output } = statement;
  if (output?.status === 'error') {
    const text = `${output.ename ?? ''}: ${(output.evalue ?? '').slice(0, 1000)}`;
    if (/Interpreter died|interpreter (process )?(has )?(exited|died)/i.test(text)) {
      return new LivyError('INTERPRETER_DIED', text);
    }
    if (output.ename === 'NameError' && /_livy_/.test(output.evalue ?? '')) {
      return new LivyError('WRONG_SESSION', 'the session was not warmed by this library');
    }
    return new LivyError('NONCE_MISMATCH', `the reply carries no nonce: ${text}`);
  }
  return new LivyError('NONCE_MISMATCH', 'the reply carries no nonce: the session is out of step');
}

/**
 * Reads the envelope of a finished statement.
 * @throws LivyError `NONCE_MISMATCH`, `WRONG_SESSION`, `FENCED`, `INTERPRETER_DIED` (give the session up),
 * `PROGRAM_FAILED`, `RESULT_TOO_LARGE`, `RESULT_NOT_JSON`, `CANCELLED`
 */
export function readEnvelope(statement: StatementInfo, nonce: string, boot: string): Answer {
  if (statement.state === 'cancelled' || statement.state === 'cancelling') {
    throw new LivyError('CANCELLED', 'the statement was cancelled');
  }
  const text = statement.output?.status === 'ok' ? statement.output.data?.['text/plain'] : undefined;
  const envelope = typeof text === 'string' ? parseEnvelope(text) : undefined;
  if (envelope === undefined) throw withoutEnvelope(statement);
  if (envelope['nonce'] !== nonce) {
    throw new LivyError('NONCE_MISMATCH', 'the reply belongs to another statement: the session is out of step');
  }
  const stdout = typeof envelope['stdout'] === 'string' ? envelope['stdout'] : '';
  switch (envelope['refused']) {
    case undefined:
      break;
    case 'fence':
      throw new LivyError('FENCED', 'a newer lease has used this session');
    case 'twice':
      throw new LivyError('STATEMENT_REPEATED', 'the statement had run before and was not run again');
    case 'size':
      throw new LivyError('RESULT_TOO_LARGE', 'the result is larger than the inline limit', {
        bytes: Number(envelope['bytes']),
      });
    case 'json':
      throw new LivyError('RESULT_NOT_JSON', `the result has no JSON form: ${String(envelope['message'])}`);
    default:
      throw new LivyError('WRONG_SESSION', 'the id now belongs to another session');
  }
  if (envelope['boot'] !== boot) throw new LivyError('WRONG_SESSION', 'the id now belongs to another session');
  const error = envelope['error'];
  if (typeof error === 'object' && error !== null) {
    const { type, message, traceback } = error as Json;
    throw new LivyError('PROGRAM_FAILED', `${String(type)}: ${String(message)}`, {
      pythonType: String(type),
      traceback: String(traceback),
    });
  }
  const spill = envelope['spill'];
  return {
    result: envelope['result'] ?? null,
    spill: typeof spill === 'object' && spill !== null ? (spill as SpillPointer) : null,
    stdout,
  };
}
