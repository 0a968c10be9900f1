import { z } from 'zod';
import type { Cursor } from '../source.js';
import type { Endpoint } from './endpoint.js';

/** Events of one server do not come strictly by time: some milliseconds apart they change places. */
const SAME_SERVER_REWIND_US = 2_000_000;
/** Each server stamps events by its own clock, at the moment at which it sees them. */
const OTHER_SERVER_REWIND_US = 10_000_000;

const positionSchema = z.object({
  server: z.string(),
  time_us: z.int().nonnegative(),
  seq: z.int().nonnegative().nullable(),
  reached: z.number().nonnegative(),
});

/** Where in the stream of events the source is: after this event. */
export interface Position {
  /** The server that gave the event. */
  readonly endpoint: string;
  /** The event's time, µs since 1970, by that server's clock. */
  readonly timeUs: number;
  /** The event's number on that server; null where the protocol has none. */
  readonly seq: number | null;
  /** All that happened up to this time has come, epoch ms. */
  readonly reached: number;
}

/** Where the source was, as the log has it; null where that says nothing. */
export function positionOf(cursor: Cursor | null): Position | null {
  const parsed = positionSchema.safeParse(cursor);
  if (!parsed.success) return null;
  const { server, time_us, seq, reached } = parsed.data;
  return { endpoint: server, timeUs: time_us, seq, reached };
}

export function cursorOf(position: Position | null): Cursor {
  if (position === null) return {};
  return {
    server: position.endpoint,
    time_us: position.timeUs,
    seq: position.seq,
    reached: position.reached,
  };
}

/** Where a subscription goes on. */
export interface Resumption {
  /** The protocol's parameter. */
  readonly cursor: number;
  /** Whether it is an event's number, and not a time. */
  readonly isSeq: boolean;
  /** All that happened from this time on is asked for, epoch ms. */
  readonly from: number;
}

/**
 * Where to go on at a server.
 * @param byTime - whether the server no longer goes by the number that it gave.
 */
export function resumptionOf(position: Position, endpoint: Endpoint, byTime: boolean): Resumption {
  const isSame = position.endpoint === endpoint.id;
  if (isSame && endpoint.protocol === 'v2' && position.seq !== null && !byTime) {
    return { cursor: position.seq, isSeq: true, from: Math.floor(position.timeUs / 1000) };
  }
  const rewind = isSame && !byTime ? SAME_SERVER_REWIND_US : OTHER_SERVER_REWIND_US;
  const cursor = Math.max(0, position.timeUs - rewind);
  return { cursor, isSeq: false, from: Math.floor(cursor / 1000) };
}
