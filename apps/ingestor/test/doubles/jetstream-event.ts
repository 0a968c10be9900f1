/** One event of the stream, its record as JSON text so that a million of them are quickly made. */
export interface JetstreamEvent {
  readonly did: string;
  /** µs since 1970; without it, the moment at which it is published. */
  readonly timeUs?: number;
  readonly content: CommitContent | StatusContent;
}

export interface CommitContent {
  readonly kind: 'commit';
  readonly collection: string;
  readonly rkey: string;
  readonly operation: 'create' | 'update' | 'delete';
  readonly rev: string;
  /** JSON; left out for a delete. */
  readonly record?: string;
  readonly cid?: string;
}

/** An event about an author: JSON of what stands under `identity`, `account` or `sync`. */
export interface StatusContent {
  readonly kind: 'identity' | 'account' | 'sync';
  readonly body: string;
}

/** An event in the archive of a server. */
export interface StoredEvent {
  readonly seq: number;
  readonly timeUs: number;
  readonly did: string;
  readonly content: CommitContent | StatusContent;
  /** The line of a file as it is, where the event came from one. */
  readonly line?: Buffer;
}

const EVENTS = 'network.bsky.jetstream.subscribeEvents#';

/** The event as v1 sends it; null for one that v1 never sends. */
export function encodeV1({ did, timeUs, content, line }: StoredEvent): Buffer | null {
  if (line !== undefined) return line;
  const head = `{"did":"${did}","time_us":${timeUs},"kind":"${content.kind}",`;
  if (content.kind === 'sync') return null;
  if (content.kind !== 'commit') return Buffer.from(`${head}"${content.kind}":${content.body}}`);
  const { rev, operation, collection, rkey, record, cid } = content;
  const commit = `"rev":"${rev}","operation":"${operation}","collection":"${collection}","rkey":"${rkey}"`;
  return Buffer.from(`${head}"commit":{${commit}${member('record', record)}${member('cid', quoted(cid))}}}`);
}

/** The event as a message frame of v2. */
export function encodeV2({ seq, did, timeUs, content }: StoredEvent): Buffer {
  const head = `{"$type":"message","payload":{"$type":"${EVENTS}${content.kind}","seq":${seq},"did":"${did}","time":"${isoTime(timeUs)}",`;
  if (content.kind !== 'commit') return Buffer.from(`${head}"${content.kind}":${content.body}}}`);
  const { rev, operation, collection, rkey, record, cid } = content;
  const commit = `"rev":"${rev}","operation":"${operation}","collection":"${collection}","rkey":"${rkey}"`;
  return Buffer.from(`${head}${commit}${member('record', record)}${member('cid', quoted(cid))}}}`);
}

export function errorFrame(error: string, message: string): Buffer {
  return Buffer.from(JSON.stringify({ $type: 'error', error, message }));
}

export function infoFrame(name: string, message: string): Buffer {
  return Buffer.from(JSON.stringify({ $type: 'message', payload: { $type: `${EVENTS}info`, name, message } }));
}

/** Reads a line of a file of v1 events; null where it holds none. */
export function eventOfLine(line: string): JetstreamEvent | null {
  const value = JSON.parse(line) as Record<string, unknown>;
  const { did, time_us: timeUs, kind } = value;
  if (typeof did !== 'string' || typeof timeUs !== 'number') return null;
  if (kind === 'identity' || kind === 'account') {
    return { did, timeUs, content: { kind, body: JSON.stringify(value[kind]) } };
  }
  if (kind !== 'commit') return null;
  const { record, ...commit } = value['commit'] as Omit<CommitContent, 'kind' | 'record'> & { record?: unknown };
  return {
    did,
    timeUs,
    content: { kind, ...commit, ...(record === undefined ? {} : { record: JSON.stringify(record) }) },
  };
}

/** RFC 3339 in UTC with six digits. */
export function isoTime(timeUs: number): string {
  const seconds = new Date(Math.floor(timeUs / 1000)).toISOString().slice(0, 19);
  return `${seconds}.${String(timeUs % 1_000_000).padStart(6, '0')}Z`;
}

const member = (name: string, json: string | undefined): string => (json === undefined ? '' : `,"${name}":${json}`);
const quoted = (text: string | undefined): string | undefined => (text === undefined ? undefined : `"${text}"`);
