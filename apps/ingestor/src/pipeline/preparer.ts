import { Worker } from 'node:worker_threads';
import { BufferPool } from './buffer-pool.js';
import type { PrepareContext } from './prepare-batch.js';
import type { PreparedRows } from './prepared-batch.js';

/** Turns raw lines into rows; batches come back in any order, each to its own caller. */
export interface Preparer {
  prepare(lines: readonly Buffer[], context: PrepareContext): Promise<PreparedRows>;
  /** Takes the bytes of rows back that nobody reads any more. */
  free(rows: PreparedRows): void;
  close(): Promise<void>;
}

export interface PrepareRequest {
  readonly id: number;
  /** All lines, one after the other. */
  readonly bytes: Uint8Array;
  readonly ends: Uint32Array;
  /** For the bytes of the rows. */
  readonly room: ArrayBuffer;
  readonly context: PrepareContext;
}

export type PrepareResponse = { readonly id: number } & (
  | {
      readonly rows: PreparedRows;
      /** The bytes of the request, to be used again. */
      readonly used: Uint8Array;
    }
  | { readonly error: string }
);

/** How much longer rows may be than their lines before their room is made no larger. */
const MOST_GROWTH = 4;
/** A row needs room for three bytes a UTF-16 code unit while it is written. */
const LAST_ROW_BYTES = 64 * 1024;

/** On a thread of its own, so that the log and the source go on meanwhile. */
export function threadPreparer(hashKey: string): Preparer {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const worker = new Worker(new URL(`./prepare-thread.${extension}`, import.meta.url), { workerData: { hashKey } });
  const waiting = new Map<number, PromiseWithResolvers<PreparedRows>>();
  let failure: Error | null = null;
  let nextId = 0;
  const pool = new BufferPool();
  /** The greatest seen of rows to lines, by bytes. */
  let growth = 1;
  const fail = (error: Error): void => {
    failure ??= error;
    for (const pending of waiting.values()) pending.reject(failure);
    waiting.clear();
  };
  worker.on('error', fail);
  worker.on('exit', () => fail(new Error('The thread that prepares posts has ended.')));
  worker.on('message', (response: PrepareResponse) => {
    const pending = waiting.get(response.id);
    waiting.delete(response.id);
    if ('rows' in response) {
      const { rows, used } = response;
      growth = Math.min(MOST_GROWTH, Math.max(growth, rows.bytes.length / used.length));
      pool.give(used.buffer as ArrayBuffer);
      pending?.resolve(rows);
    } else pending?.reject(new Error(response.error));
  });
  return {
    prepare(lines, context) {
      if (failure !== null) return Promise.reject(failure);
      const id = nextId++;
      const pending = Promise.withResolvers<PreparedRows>();
      waiting.set(id, pending);
      const { bytes, ends } = joinLines(lines, pool);
      const room = pool.take(bytes.length * growth + LAST_ROW_BYTES);
      const request: PrepareRequest = { id, bytes, ends, room, context };
      worker.postMessage(request, [bytes.buffer as ArrayBuffer, ends.buffer as ArrayBuffer, room]);
      return pending.promise;
    },
    free(rows) {
      pool.give(rows.bytes.buffer as ArrayBuffer);
    },
    async close() {
      worker.removeAllListeners('exit');
      await worker.terminate();
    },
  };
}

function joinLines(lines: readonly Buffer[], pool: BufferPool): { bytes: Uint8Array; ends: Uint32Array } {
  const length = lines.reduce((sum, line) => sum + line.length, 0);
  const bytes = new Uint8Array(pool.take(length), 0, length);
  const ends = new Uint32Array(lines.length);
  let at = 0;
  for (const [index, line] of lines.entries()) {
    bytes.set(line, at);
    at += line.length;
    ends[index] = at;
  }
  return { bytes, ends };
}
