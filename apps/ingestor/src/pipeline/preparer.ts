import { Worker } from 'node:worker_threads';
import type { PrepareContext } from './prepare-batch.js';
import type { PreparedRows } from './prepared-batch.js';

/** Turns raw lines into rows; batches come back in any order, each to its own caller. */
export interface Preparer {
  prepare(lines: readonly Buffer[], context: PrepareContext): Promise<PreparedRows>;
  close(): Promise<void>;
}

export interface PrepareRequest {
  readonly id: number;
  /** All lines, one after the other. */
  readonly bytes: Uint8Array;
  readonly ends: Uint32Array;
  readonly context: PrepareContext;
}

export type PrepareResponse = { readonly id: number } & ({ readonly rows: PreparedRows } | { readonly error: string });

/** On a thread of its own, so that the log and the source go on meanwhile. */
export function threadPreparer(hashKey: string): Preparer {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const worker = new Worker(new URL(`./prepare-thread.${extension}`, import.meta.url), { workerData: { hashKey } });
  const waiting = new Map<number, PromiseWithResolvers<PreparedRows>>();
  let failure: Error | null = null;
  let nextId = 0;
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
    if ('rows' in response) pending?.resolve(response.rows);
    else pending?.reject(new Error(response.error));
  });
  return {
    prepare(lines, context) {
      if (failure !== null) return Promise.reject(failure);
      const id = nextId++;
      const pending = Promise.withResolvers<PreparedRows>();
      waiting.set(id, pending);
      const { bytes, ends } = joinLines(lines);
      const request: PrepareRequest = { id, bytes, ends, context };
      worker.postMessage(request, [bytes.buffer as ArrayBuffer, ends.buffer as ArrayBuffer]);
      return pending.promise;
    },
    async close() {
      worker.removeAllListeners('exit');
      await worker.terminate();
    },
  };
}

function joinLines(lines: readonly Buffer[]): { bytes: Uint8Array; ends: Uint32Array } {
  const bytes = new Uint8Array(lines.reduce((sum, line) => sum + line.length, 0));
  const ends = new Uint32Array(lines.length);
  let at = 0;
  for (const [index, line] of lines.entries()) {
    bytes.set(line, at);
    at += line.length;
    ends[index] = at;
  }
  return { bytes, ends };
}
