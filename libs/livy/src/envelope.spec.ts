import { describe, expect, it } from 'vitest';
import { type StatementInfo, type StatementOutput } from './api.js';
import { statementCode } from './bootstrap.js';
import { readEnvelope } from './envelope.js';
import { isLivyError } from './errors.js';
import { pollDelay } from './timing.js';

const NONCE = 'a'.repeat(24);
const BOOT = 'b'.repeat(24);

function finished(output: StatementOutput | null, state = 'available'): StatementInfo {
  return { id: 1, code: '', state, output, progress: 1, started: 1, completed: 2 };
}
const text = (line: unknown): StatementInfo =>
  finished({ status: 'ok', data: { 'text/plain': typeof line === 'string' ? line : JSON.stringify(line) } });
const envelope = (fields: object): StatementInfo => text({ livy: 1, nonce: NONCE, boot: BOOT, ...fields });

function codeOf(statement: StatementInfo): string {
  try {
    readEnvelope(statement, NONCE, BOOT);
  } catch (error) {
    return isLivyError(error) ? error.code : String(error);
  }
  return 'an answer';
}

describe('readEnvelope', () => {
  it('gives the result of the last line', () => {
    const answer = readEnvelope(envelope({ stdout: 'x', result: { n: 1 } }), NONCE, BOOT);
    expect(answer).toEqual({ result: { n: 1 }, spill: null, stdout: 'x' });
    const noisy = text(`noise\n{"livy": 1}\n${JSON.stringify({ livy: 1, nonce: NONCE, boot: BOOT, result: 2 })}\n`);
    expect(readEnvelope(noisy, NONCE, BOOT).result).toBe(2);
  });

  it.each<[string, StatementInfo]>([
    ['NONCE_MISMATCH', text('')],
    ['NONCE_MISMATCH', text('2')],
    ['NONCE_MISMATCH', text({ livy: 1, nonce: 'c'.repeat(24), boot: BOOT, result: 1 })],
    ['NONCE_MISMATCH', text({ nonce: NONCE, boot: BOOT, result: 1 })],
    ['NONCE_MISMATCH', finished(null)],
    ['NONCE_MISMATCH', finished({ status: 'ok', data: { 'application/json': { livy: 1, nonce: NONCE } } })],
    ['NONCE_MISMATCH', finished({ status: 'error', ename: 'JsonParseException', evalue: 'Unrecognized token' })],
    ['INTERPRETER_DIED', finished({ status: 'error', ename: 'Error', evalue: 'Interpreter died:\n' })],
    ['WRONG_SESSION', finished({ status: 'error', ename: 'NameError', evalue: "name '_livy_run' is not defined" })],
    ['WRONG_SESSION', envelope({ boot: 'd'.repeat(24), result: 1 })],
    ['WRONG_SESSION', envelope({ refused: 'session' })],
    ['FENCED', envelope({ refused: 'fence' })],
    ['STATEMENT_REPEATED', envelope({ refused: 'twice' })],
    ['RESULT_TOO_LARGE', envelope({ refused: 'size', bytes: 9 })],
    ['RESULT_NOT_JSON', envelope({ refused: 'json', message: 'nan' })],
    ['PROGRAM_FAILED', envelope({ error: { type: 'ValueError', message: 'no', traceback: '' } })],
    ['CANCELLED', finished(null, 'cancelled')],
  ])('%s', (code, statement) => {
    expect(codeOf(statement)).toBe(code);
  });
});

it('the code of a statement holds nothing that a user wrote', () => {
  const program = `'''"\\\n__import__('os')`;
  const code = statementCode(NONCE, BOOT, 4, { program, params: { q: '");evil("' }, limit: 10 });
  expect(code).toMatch(/^_livy_run\("a{24}", "b{24}", 4, "[A-Za-z0-9+/=]+"\)$/);
  const payload = Buffer.from(/"([^"]+)"\)$/.exec(code)?.[1] ?? '', 'base64').toString('utf8');
  expect(JSON.parse(payload)).toEqual({ program, params: { q: '");evil("' }, limit: 10 });
});

it('polls often at first and once a second at last', () => {
  const middle = (): number => 0.5;
  expect([0, 15, 50, 99, 100, 1_000, 5_000, 60_000].map((ms) => pollDelay(ms, middle))).toEqual([
    4, 4, 10, 10, 20, 50, 250, 1_000,
  ]);
  expect(pollDelay(60_000, () => 1)).toBeLessThanOrEqual(1_100);
});
