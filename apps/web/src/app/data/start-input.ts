import type { Preset, Question } from '../core/question';
import type { IntervalInput, IntervalPreset, StartAnalysisInput } from './generated/graphql';

const PRESET_NAMES: Record<Preset, IntervalPreset> = {
  '24h': 'LAST_24_HOURS',
  '3d': 'LAST_3_DAYS',
  '7d': 'LAST_7_DAYS',
};

/** A question as the mutation takes it. The same key stands for the same run. */
export function startInput(question: Question, idempotencyKey: string): StartAnalysisInput {
  const { topic, timeZone, includeStopWords, includeRetweetWords, engine } = question;
  return {
    topic,
    interval: intervalInput(question),
    timeZone,
    includeStopWords,
    includeRetweetWords,
    idempotencyKey,
    ...(engine && { engine }),
  };
}

function intervalInput({ interval }: Question): IntervalInput {
  return 'preset' in interval
    ? { preset: PRESET_NAMES[interval.preset] }
    : { from: new Date(interval.from).toISOString(), to: new Date(interval.to).toISOString() };
}
