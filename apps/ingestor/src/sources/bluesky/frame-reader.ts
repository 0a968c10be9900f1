import { isObject, type JsonObject, nonEmpty, objectOf } from '../../normalise/fields.js';
import { eventOfFrame } from '../../normalise/jetstream-frame.js';
import type { Protocol } from './endpoint.js';

const POST_COLLECTION = 'app.bsky.feed.post';
const QUOTED_POSTS = `"${POST_COLLECTION}"`;
const REPOST_COLLECTION = '"app.bsky.feed.repost"';
/** Frames without an event are short. */
const MAX_CONTROL_BYTES = 4096;
const DID_KEY = '"did":"';

/** What the source itself needs of an event; the event is read as a whole when it is normalised. */
export interface EventHead {
  readonly did: string | null;
  readonly timeUs: number;
  readonly seq: number | null;
  readonly isPost: boolean;
  /** Set where the event tells an author's handle, or null where it says that it is another one now; undefined for other events. */
  readonly handle: string | null | undefined;
}

/** A frame that is about the stream, and no record. */
export type ControlFrame =
  | { readonly kind: 'error'; readonly name: string; readonly message: string }
  | { readonly kind: 'info'; readonly name: string };

/** The head of an event; null for what is none. */
export function readHead(frame: Buffer, protocol: Protocol): EventHead | null {
  const value = parse(frame);
  const event = value === null ? null : protocol === 'v2' ? eventOfFrame(value) : value;
  const timeUs = event?.['time_us'];
  if (event === null || typeof timeUs !== 'number' || !Number.isSafeInteger(timeUs) || timeUs < 0) return null;
  const { did, seq, kind } = event;
  const commit = objectOf(event['commit']);
  return {
    did: typeof did === 'string' ? did : null,
    timeUs,
    seq: typeof seq === 'number' && Number.isSafeInteger(seq) && seq >= 0 ? seq : null,
    isPost: commit?.['collection'] === POST_COLLECTION && commit['operation'] !== 'delete',
    handle: kind === 'identity' ? nonEmpty(objectOf(event['identity'])?.['handle']) : undefined,
  };
}

/** The frame if it is about the stream; v1 has no such frames. */
export function readControlFrame(frame: Buffer, protocol: Protocol): ControlFrame | null {
  if (protocol === 'v1' || frame.length > MAX_CONTROL_BYTES) return null;
  if (frame.includes('"payload"') && !frame.includes('#info"')) return null;
  const value = parse(frame);
  if (value?.['$type'] === 'error') {
    return { kind: 'error', name: text(value['error']), message: text(value['message']) };
  }
  const payload = objectOf(value?.['payload']);
  const type = payload?.['$type'];
  if (value?.['$type'] !== 'message' || typeof type !== 'string' || !type.endsWith('#info')) return null;
  return { kind: 'info', name: text(payload?.['name']) };
}

/** Whose event it probably is, without reading all of it. */
export function glanceAtDid(frame: Buffer): string | null {
  const start = frame.indexOf(DID_KEY);
  if (start < 0) return null;
  const end = frame.indexOf(0x22, start + DID_KEY.length);
  return end < 0 ? null : frame.toString('latin1', start + DID_KEY.length, end);
}

/** Whether an event may be one that tells a handle. */
export function mayTellHandle(frame: Buffer): boolean {
  return frame.length <= MAX_CONTROL_BYTES && frame.includes('"identity"');
}

/** Whether an event may be one of a post or a repost that somebody made. */
export function mayHaveAuthor(frame: Buffer): boolean {
  return (mayBePost(frame) || frame.includes(REPOST_COLLECTION)) && !frame.includes('"operation":"delete"');
}

export function mayBePost(frame: Buffer): boolean {
  return frame.includes(QUOTED_POSTS);
}

function parse(frame: Buffer): JsonObject | null {
  try {
    const value: unknown = JSON.parse(frame.toString('utf8'));
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** A server's words, short enough for a log. */
function text(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 200) : '';
}
