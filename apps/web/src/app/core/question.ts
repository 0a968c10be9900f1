import {
  ENGINE_CHOICES as ENGINE_WORDS,
  type EngineChoice as EngineWord,
  type Interval,
  type IntervalPreset,
  PRESET_LENGTH_MS,
} from '@analytica/domain';

export const PRESET_LABELS: Readonly<Record<IntervalPreset, string>> = {
  LAST_24_HOURS: '24 h',
  LAST_3_DAYS: '3 days',
  LAST_7_DAYS: '7 days',
};

/** A preset ends at the newest data; a range is `[from, to)` in epoch ms. */
export type AskedInterval = { readonly preset: IntervalPreset } | Interval;

export const DEFAULT_INTERVAL: AskedInterval = { preset: 'LAST_24_HOURS' };

/** Engines by the names that GraphQL has for them; the URL has the same names in lower case. */
export type EngineChoice = Uppercase<EngineWord>;
export const ENGINE_CHOICES = ENGINE_WORDS.map((word) => word.toUpperCase() as EngineChoice);

/** The switches that decide what counts as a word. */
export interface WordSwitches {
  readonly includeStopWords: boolean;
  readonly includeRetweetWords: boolean;
}

/** A complete question: two equal ones have the same answer on the same data. */
export interface Question extends WordSwitches {
  readonly topic: string;
  readonly interval: AskedInterval;
  /** IANA name. */
  readonly timeZone: string;
  /** Absent: the server's default. */
  readonly engine?: EngineChoice;
}

export function isSameQuestion(a: Question | null, b: Question | null): boolean {
  return JSON.stringify(a && identity(a)) === JSON.stringify(b && identity(b));
}

function identity(q: Question): unknown[] {
  const interval = 'preset' in q.interval ? [q.interval.preset] : [q.interval.from, q.interval.to];
  return [q.topic, ...interval, q.timeZone, q.includeStopWords, q.includeRetweetWords, q.engine ?? null];
}

/** Length of an interval in ms. */
export function intervalLength(interval: AskedInterval): number {
  return 'preset' in interval ? PRESET_LENGTH_MS[interval.preset] : interval.to - interval.from;
}
