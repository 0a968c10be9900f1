import {
  type SessionInfo,
  type SessionPage,
  type ServerVersion,
  type StatementInfo,
  type StatementOutput,
} from './api.js';
import { LivyError } from './errors.js';

type Json = Readonly<Record<string, unknown>>;

function object(value: unknown, what: string): Json {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json;
  throw new LivyError('BAD_REPLY', `${what}: the server's reply is not a JSON object`);
}

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const number = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) ? value : 0);
const lines = (value: unknown): string[] => (Array.isArray(value) ? value.filter((v) => typeof v === 'string') : []);

/** A reply's body as an object. @throws LivyError `BAD_REPLY` */
export function parseObject(body: string, what: string): Json {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch (error) {
    throw new LivyError('BAD_REPLY', `${what}: the server's reply is not JSON: ${body.slice(0, 120)}`, {}, error);
  }
  return object(value, what);
}

/** A session of a reply. */
export function parseSession(value: unknown, what: string): SessionInfo {
  const session = object(value, what);
  if (typeof session['id'] !== 'number' || typeof session['state'] !== 'string') {
    throw new LivyError('BAD_REPLY', `${what}: a session without id or state`);
  }
  return {
    id: session['id'],
    name: text(session['name']),
    appId: text(session['appId']),
    state: session['state'],
    kind: text(session['kind']) ?? '',
    log: lines(session['log']),
    appInfo: typeof session['appInfo'] === 'object' && session['appInfo'] !== null ? (session['appInfo'] as Json) : {},
  };
}

/** A page of sessions of a reply. */
export function parseSessionPage(reply: Json, what: string): SessionPage {
  const sessions: readonly unknown[] = Array.isArray(reply['sessions']) ? reply['sessions'] : [];
  return {
    from: number(reply['from']),
    total: number(reply['total']),
    sessions: sessions.map((session) => parseSession(session, what)),
  };
}

function parseOutput(value: unknown): StatementOutput | null {
  if (typeof value !== 'object' || value === null) return null;
  const output = value as Json;
  const data = output['data'];
  return {
    status: text(output['status']) ?? '',
    ...(typeof data === 'object' && data !== null ? { data: data as Json } : {}),
    ...(typeof output['ename'] === 'string' ? { ename: output['ename'] } : {}),
    ...(typeof output['evalue'] === 'string' ? { evalue: output['evalue'] } : {}),
    ...(Array.isArray(output['traceback']) ? { traceback: lines(output['traceback']) } : {}),
  };
}

/** A statement of a reply. */
export function parseStatement(value: unknown, what: string): StatementInfo {
  const statement = object(value, what);
  if (typeof statement['id'] !== 'number' || typeof statement['state'] !== 'string') {
    throw new LivyError('BAD_REPLY', `${what}: a statement without id or state`);
  }
  return {
    id: statement['id'],
    code: text(statement['code']) ?? '',
    state: statement['state'],
    output: parseOutput(statement['output']),
    progress: number(statement['progress']),
    started: number(statement['started']),
    completed: number(statement['completed']),
  };
}

/** The server's version and what follows from it. A version that cannot be read is taken for a newer one. */
export function parseVersion(reply: Json): ServerVersion {
  const version = text(reply['version']) ?? 'unknown';
  const match = /^(\d+)\.(\d+)/.exec(version);
  const major = Number(match?.[1] ?? 0);
  const minor = Number(match?.[2] ?? 9);
  const modern = major > 0 || minor >= 9;
  return { version, major, minor, hasIdleTimeout: modern, needsJavaImports: !modern };
}
