/** Presets as the URL writes them. */
export type Preset = '24h' | '3d' | '7d';
export const PRESETS: readonly Preset[] = ['24h', '3d', '7d'];
export const PRESET_LABELS: Record<Preset, string> = { '24h': '24 h', '3d': '3 days', '7d': '7 days' };
export const PRESET_HOURS: Record<Preset, number> = { '24h': 24, '3d': 72, '7d': 168 };

/** A preset ends at the newest data; a range is `[from, to)` in epoch ms. */
export type Interval = { readonly preset: Preset } | { readonly from: number; readonly to: number };

export const DEFAULT_INTERVAL: Interval = { preset: '24h' };

export type EngineChoice = 'AUTO' | 'EMBEDDED' | 'CLUSTER';
export const ENGINE_CHOICES: readonly EngineChoice[] = ['AUTO', 'EMBEDDED', 'CLUSTER'];

/** The switches that decide what counts as a word. */
export interface WordSwitches {
  readonly includeStopWords: boolean;
  readonly includeRetweetWords: boolean;
}

/** A complete question: two equal ones have the same answer on the same data. */
export interface Question extends WordSwitches {
  readonly topic: string;
  readonly interval: Interval;
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
export function intervalLength(interval: Interval): number {
  return 'preset' in interval ? PRESET_HOURS[interval.preset] * 3_600_000 : interval.to - interval.from;
}
