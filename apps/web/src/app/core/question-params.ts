import { INTERVAL_PRESETS, type IntervalPreset, parseTimeZone } from '@analytica/domain';
import { type AskedInterval, DEFAULT_INTERVAL, ENGINE_CHOICES, type Question } from './question';

const PRESET_WORDS: Readonly<Record<IntervalPreset, string>> = {
  LAST_24_HOURS: '24h',
  LAST_3_DAYS: '3d',
  LAST_7_DAYS: '7d',
};

/** The interval and the time zone of a question whose topic is still to be typed. */
export interface ChosenTime {
  readonly interval: AskedInterval;
  readonly timeZone: string;
}

export interface QuestionParams {
  /** Null without a topic. */
  readonly question: Question | null;
  /** Only without a topic, and only if the URL gives an interval or a time zone. */
  readonly chosen?: ChosenTime;
  /** The `tz` of the URL if it is no IANA time zone; `timeZone` is then the zone of the browser. */
  readonly unusableZone?: string;
}

/** Reads a question from query parameters. What makes no sense is replaced by the default. */
export function readQuestion(params: URLSearchParams, viewerZone: string): QuestionParams {
  const topic = (params.get('q') ?? '').trim();
  const tz = params.get('tz') ?? '';
  const zone = parseTimeZone(tz);
  const timeZone = zone.ok ? zone.timeZone : viewerZone;
  const unusable = zone.ok || tz === '' ? {} : { unusableZone: tz };
  const interval = readInterval(params);
  if (topic === '') {
    const chosen = interval !== null || zone.ok;
    return {
      question: null,
      ...(chosen && { chosen: { interval: interval ?? DEFAULT_INTERVAL, timeZone } }),
      ...unusable,
    };
  }
  const engine = ENGINE_CHOICES.find((choice) => choice.toLowerCase() === params.get('engine'));
  return {
    question: {
      topic,
      interval: interval ?? DEFAULT_INTERVAL,
      timeZone,
      includeStopWords: params.get('stop') === '1',
      includeRetweetWords: params.get('rtw') === '1',
      ...(engine && { engine }),
    },
    ...unusable,
  };
}

function readInterval(params: URLSearchParams): AskedInterval | null {
  const preset = INTERVAL_PRESETS.find((name) => PRESET_WORDS[name] === params.get('last'));
  if (preset) return { preset };
  const from = Date.parse(params.get('from') ?? '');
  const to = Date.parse(params.get('to') ?? '');
  return from < to ? { from, to } : null;
}

/** The query parameters from which `readQuestion` reads the same question and the same chosen time. */
export function writeQuestion({ question, chosen, unusableZone }: QuestionParams): Record<string, string> {
  const params: Record<string, string> = {};
  if (question) params['q'] = question.topic;
  const time = question ?? chosen;
  if (time) {
    if ('preset' in time.interval) params['last'] = PRESET_WORDS[time.interval.preset];
    else {
      params['from'] = new Date(time.interval.from).toISOString();
      params['to'] = new Date(time.interval.to).toISOString();
    }
  }
  const timeZone = unusableZone ?? time?.timeZone;
  if (timeZone !== undefined) params['tz'] = timeZone;
  if (question) {
    if (question.includeStopWords) params['stop'] = '1';
    if (question.includeRetweetWords) params['rtw'] = '1';
    if (question.engine) params['engine'] = question.engine.toLowerCase();
  }
  return params;
}

const SHOWN_LENGTH = 40;

/** One sentence about a `tz` that is not used. `+` in a query stands for a space, so that a leading space was a plus. */
export function unusableZoneText(unusableZone: string, usedZone: string): string {
  const written = unusableZone.replace(/^ /, '+');
  const shown = written.length > SHOWN_LENGTH ? `${written.slice(0, SHOWN_LENGTH)}…` : written;
  return `This browser’s time zone, ${usedZone}, is used, because “${shown}” in the address is not an IANA time zone such as Europe/Madrid.`;
}
