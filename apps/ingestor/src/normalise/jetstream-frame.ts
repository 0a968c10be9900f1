import { objectOf, type JsonObject } from './fields.js';
import { isoMicroseconds } from './times.js';

const EVENTS = 'network.bsky.jetstream.subscribeEvents#';

/** Whether a line is a frame of Jetstream v2 (subprotocol `xrpc.v1.json`); a v1 event is not wrapped. */
export function isJetstreamFrame(value: JsonObject): boolean {
  const type = value['$type'];
  return (type === 'message' && Object.hasOwn(value, 'payload')) || (type === 'error' && Object.hasOwn(value, 'error'));
}

/**
 * The event of a v2 frame in the shape that v1 gives it, with its `seq` beside `time_us`.
 * @returns null for a frame without an event: an error, an advice, or a kind that a newer server sends.
 */
export function eventOfFrame(frame: JsonObject): JsonObject | null {
  const payload = objectOf(frame['payload']);
  const type = payload?.['$type'];
  if (payload === null || typeof type !== 'string' || !type.startsWith(EVENTS)) return null;
  const kind = type.slice(EVENTS.length);
  const { did, seq, time } = payload;
  const event = { did, seq, time_us: isoMicroseconds(time), kind };
  switch (kind) {
    case 'commit': {
      const { rev, operation, collection, rkey, record, cid } = payload;
      return { ...event, commit: { rev, operation, collection, rkey, record, cid } };
    }
    case 'identity':
    case 'account':
      return { ...event, [kind]: payload[kind] };
    default:
      return null;
  }
}
