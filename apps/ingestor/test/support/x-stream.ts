import { afterEach } from 'vitest';
import type { CoverageEvent, Cursor, RawBatch, Source } from '../../src/sources/source.js';
import { readApiUrl } from '../../src/sources/x/account.js';
import type { XTimings } from '../../src/sources/x/timings.js';
import type { UsageLimits } from '../../src/sources/x/usage.js';
import { type RefreshTimes, XAccountState } from '../../src/sources/x/x-account-state.js';
import { createXStreamSource } from '../../src/sources/x/x-stream-source.js';
import type { Scene, Step } from '../doubles/x-api-stream.ts';
import { startXApi, type XApiDouble, type XApiDoubleOptions } from '../doubles/x-api.ts';

/** X's times, a thousand times as fast; what is waited for takes long enough for a slow machine. */
const QUICK: Partial<XTimings> = {
  networkStepMs: 2,
  networkMaxMs: 16,
  httpFirstMs: 5,
  httpMaxMs: 320,
  rateFirstMs: 10,
  rateMaxMs: 900,
  steadyMs: 0,
};

/** What is closed after each test. */
export const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});

export async function openDouble(options: XApiDoubleOptions): Promise<XApiDouble> {
  const double = await startXApi(options);
  opened.push(double);
  return double;
}

const NO_LIMITS: UsageLimits = { maxPosts: null, maxDollars: null, dollarsPerPost: 0.005 };

interface AccountOptions {
  readonly limits?: Partial<UsageLimits>;
  readonly times?: Partial<RefreshTimes>;
  readonly now?: () => number;
}

export function accountOf(
  { url, token }: Pick<XApiDouble, 'url' | 'token'>,
  options: AccountOptions = {},
): XAccountState {
  const limits = { ...NO_LIMITS, ...options.limits };
  return new XAccountState({ apiUrl: readApiUrl(url), token }, limits, options.now ?? Date.now, options.times);
}

export function xStreamOf(state: XAccountState, timings: Partial<XTimings> = {}, now: () => number = Date.now): Source {
  return createXStreamSource({
    name: 'x-filtered',
    path: '/2/tweets/search/stream',
    state,
    hasRules: true,
    now,
    timings: { ...QUICK, ...timings },
    random: () => 0,
  });
}

export interface Captured {
  readonly batches: RawBatch[];
  readonly lines: Buffer[];
  readonly coverage: CoverageEvent[];
}

/** Takes batches until `isDone`, then stops the source as the ingestor does. */
export async function capture(
  source: Source,
  isDone: (seen: Captured) => boolean,
  resume: Cursor | null = null,
): Promise<Captured> {
  const stop = new AbortController();
  const seen: Captured = { batches: [], lines: [], coverage: [] };
  for await (const batch of source.batches(resume, stop.signal)) {
    seen.batches.push(batch);
    seen.lines.push(...batch.lines);
    seen.coverage.push(...(batch.coverage ?? []));
    if (isDone(seen)) break;
  }
  stop.abort();
  return seen;
}

/** Takes all batches until the source ends, or is told to. */
export async function pump(source: Source, signal: AbortSignal, resume: Cursor | null = null): Promise<Captured> {
  const seen: Captured = { batches: [], lines: [], coverage: [] };
  for await (const batch of source.batches(resume, signal)) {
    seen.batches.push(batch);
    seen.lines.push(...batch.lines);
    seen.coverage.push(...(batch.coverage ?? []));
  }
  return seen;
}

/** What was told of coverage, less how far it came. */
export const changesOf = ({ coverage }: Captured): string[] =>
  coverage
    .map((event) => ('cause' in event ? `${event.type} ${event.cause}` : event.type))
    .filter((type) => type !== 'reached');
export const textsOf = (lines: readonly Buffer[]): string[] => lines.map((line) => line.toString().trimEnd());
export const scene = (...list: Step[]): Scene => ({ steps: list });
