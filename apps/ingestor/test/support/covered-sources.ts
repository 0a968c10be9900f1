import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { z } from 'zod';
import { readConfig } from '../../src/config.js';
import { runIngestor } from '../../src/ingestor.js';
import { defineSource } from '../../src/sources/registry.js';
import type { Cursor, RawBatch, Source } from '../../src/sources/source.js';
import { reportOnStdout } from '../../src/status/events.js';
import { tweet } from './lines.js';

// The ingestor with two sources that say when they capture: a program for tests. Its argument is the number of the run, which begins
// the id of each post; the rest of the id is when it happened, epoch ms.
const run = process.argv[2] ?? '0';
const TICK_MS = 10;

/** Begins where it is connected: what happened before is gone. Each batch holds a post of the moment up to which all was given. */
async function* withoutReplay(signal: AbortSignal): AsyncGenerator<RawBatch> {
  for (let n = 0; !signal.aborted; n += 1) {
    const at = Date.now();
    const told = { type: n === 0 ? 'began' : 'reached', at } as const;
    const coverage = n === 0 ? [told, { type: 'reached', at } as const] : [told];
    yield { lines: [line(run, at)], arrivedAt: at, path: 'stream', cursor: { at }, coverage };
    await sleep(TICK_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** Something happens at each tick, and the platform gives what happened since a cursor, some of it twice. */
async function* withReplay(resume: Cursor | null, signal: AbortSignal): AsyncGenerator<RawBatch> {
  const tickNow = (): number => Math.floor(Date.now() / TICK_MS);
  let tick = resume === null ? tickNow() : Number(resume['tick']) - 3;
  yield batchOf([], tick, [{ type: 'began', at: tick * TICK_MS }]);
  while (!signal.aborted) {
    const until = Math.min(tick + 50, tickNow());
    const lines: Buffer[] = [];
    for (; tick < until; tick += 1) lines.push(line('9', tick * TICK_MS));
    if (lines.length > 0) yield batchOf(lines, tick, [{ type: 'reached', at: tick * TICK_MS }]);
    await sleep(TICK_MS, undefined, { signal }).catch(() => undefined);
  }
}

function batchOf(lines: readonly Buffer[], tick: number, coverage: RawBatch['coverage'] & {}): RawBatch {
  return { lines, arrivedAt: Date.now(), path: 'stream', cursor: { tick }, coverage };
}

function line(prefix: string, at: number): Buffer {
  return Buffer.from(tweet(`${prefix}${String(at)}`, 'tick'));
}

function sourceOf(name: string, batches: Source['batches']): ReturnType<typeof defineSource> {
  const declaration = { name, summary: name, kind: 'real', flushSeconds: 1, settings: z.object({}) } as const;
  const status: Source['status'] = () => ({ state: 'LIVE', problems: [], lagMs: 0 });
  const source = { name, postSource: null, shiftMs: 0, importName: null, progress: () => null, status, batches };
  return defineSource(declaration, () => () => source);
}

const available = [sourceOf('lossy', (_resume, signal) => withoutReplay(signal)), sourceOf('replaying', withReplay)];
const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());
await runIngestor(readConfig(process.env, available), pino({ level: 'silent' }), reportOnStdout, stop.signal);
