import type { Question } from '../core/question';
import type { IntervalInput, StartAnalysisInput } from './generated/graphql';

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
    ? { preset: interval.preset }
    : { from: new Date(interval.from).toISOString(), to: new Date(interval.to).toISOString() };
}
