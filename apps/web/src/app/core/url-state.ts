import { isZone } from './format';

export type Preset = '24h' | '3d' | '7d';
export const PRESETS: readonly Preset[] = ['24h', '3d', '7d'];
export const PRESET_LABELS: Record<Preset, string> = { '24h': '24 h', '3d': '3 days', '7d': '7 days' };
export const PRESET_HOURS: Record<Preset, number> = { '24h': 24, '3d': 72, '7d': 168 };

/** A preset ends at the newest data; a range is `[from, to)` in epoch ms. */
export type Interval = { readonly preset: Preset } | { readonly from: number; readonly to: number };

export type EngineChoice = 'AUTO' | 'EMBEDDED' | 'CLUSTER';
const ENGINE_CHOICES: readonly EngineChoice[] = ['AUTO', 'EMBEDDED', 'CLUSTER'];

/** What is asked. */
export interface Question {
  readonly topic: string;
  readonly interval: Interval;
  readonly timeZone: string;
  readonly includeStopWords: boolean;
  readonly includeRetweetWords: boolean;
  /** Absent: the server's default. */
  readonly engine?: EngineChoice;
}

/** How the answer is looked at; changing it asks nothing. */
export interface View {
  readonly volume: 'chart' | 'table';
  /** What the chart shows. */
  readonly metric: 'posts' | 'retweets' | 'replies' | 'quotes';
  readonly hashtags: 'table' | 'bars';
  readonly order: 'newest' | 'retweeted';
  readonly tab: 'answer' | 'posts';
}

export interface UrlState {
  /** Null on a first visit. */
  readonly question: Question | null;
  /** Of a first visit: what is already chosen for the first question. */
  readonly chosen?: { readonly interval: Interval; readonly timeZone: string };
  readonly view: View;
}

export const DEFAULT_VIEW: View = {
  volume: 'chart',
  metric: 'posts',
  hashtags: 'table',
  order: 'newest',
  tab: 'answer',
};

export const DEFAULT_INTERVAL: Interval = { preset: '24h' };

const METRICS = ['posts', 'retweets', 'replies', 'quotes'] as const;

/** Reads the query parameters; what makes no sense is replaced by the default. */
export function readUrl(params: URLSearchParams, viewerZone: string): UrlState {
  const view = readView(params.get('view') ?? '');
  const topic = (params.get('q') ?? '').trim();
  const tz = params.get('tz');
  const timeZone = tz !== null && isZone(tz) ? tz : viewerZone;
  const interval = readInterval(params);
  const engine = ENGINE_CHOICES.find((choice) => choice.toLowerCase() === params.get('engine'));
  if (topic === '') return { question: null, view, ...(interval && { chosen: { interval, timeZone } }) };
  return {
    view,
    question: {
      topic,
      interval: interval ?? DEFAULT_INTERVAL,
      timeZone,
      includeStopWords: params.get('stop') === '1',
      includeRetweetWords: params.get('rtw') === '1',
      ...(engine && { engine }),
    },
  };
}

function readInterval(params: URLSearchParams): Interval | null {
  const last = PRESETS.find((preset) => preset === params.get('last'));
  if (last) return { preset: last };
  const from = Date.parse(params.get('from') ?? '');
  const to = Date.parse(params.get('to') ?? '');
  return from < to ? { from, to } : null;
}

function readView(text: string): View {
  const words = new Set(text.split('.'));
  return {
    volume: words.has('volume-table') ? 'table' : 'chart',
    metric: METRICS.find((metric) => words.has(`volume-${metric}`)) ?? 'posts',
    hashtags: words.has('bars') ? 'bars' : 'table',
    order: words.has('retweeted') ? 'retweeted' : 'newest',
    tab: words.has('posts') ? 'posts' : 'answer',
  };
}

function writeView(view: View): string | null {
  const words = [
    view.volume === 'table' && 'volume-table',
    view.metric !== 'posts' && `volume-${view.metric}`,
    view.hashtags === 'bars' && 'bars',
    view.order === 'retweeted' && 'retweeted',
    view.tab === 'posts' && 'posts',
  ].filter((word) => word !== false);
  return words.length > 0 ? words.join('.') : null;
}

/** The query parameters of a state: `readUrl` gives the same state again. */
export function writeUrl({ question, chosen, view }: UrlState): Record<string, string> {
  const params: Record<string, string> = {};
  if (question) params['q'] = question.topic;
  const when = question ?? chosen;
  if (when) {
    if ('preset' in when.interval) params['last'] = when.interval.preset;
    else {
      params['from'] = new Date(when.interval.from).toISOString();
      params['to'] = new Date(when.interval.to).toISOString();
    }
    params['tz'] = when.timeZone;
  }
  if (question) {
    if (question.includeStopWords) params['stop'] = '1';
    if (question.includeRetweetWords) params['rtw'] = '1';
    if (question.engine) params['engine'] = question.engine.toLowerCase();
  }
  const words = writeView(view);
  if (words !== null) params['view'] = words;
  return params;
}

/** Whether two questions ask the same thing. */
export function sameQuestion(a: Question | null, b: Question | null): boolean {
  return JSON.stringify(a && questionKey(a)) === JSON.stringify(b && questionKey(b));
}

function questionKey(q: Question): unknown[] {
  const interval = 'preset' in q.interval ? [q.interval.preset] : [q.interval.from, q.interval.to];
  return [q.topic, ...interval, q.timeZone, q.includeStopWords, q.includeRetweetWords, q.engine ?? null];
}
