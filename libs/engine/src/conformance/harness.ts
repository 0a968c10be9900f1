import {
  type AnalysisProgress,
  type AnalysisResult,
  type AnalysisSpec,
  DAY_MS,
  figuresOf,
  type PostOrder,
} from '@analytica/domain';
import type { Snapshot } from '@analytica/lake';
import type { AnalysisEngine, AnalysisSink } from '../analysis-engine.js';
import { START } from './fixture.js';
import type { ReferenceAnswer } from './reference.js';

/** Everything that a run reported, in order. */
export class Recorder implements AnalysisSink {
  readonly progresses: AnalysisProgress[] = [];
  readonly partials: { readonly after: AnalysisProgress | undefined; readonly result: AnalysisResult }[] = [];

  progress(progress: AnalysisProgress): Promise<void> {
    this.progresses.push(progress);
    return Promise.resolve();
  }

  partial(result: AnalysisResult): Promise<void> {
    this.partials.push({ after: this.progresses.at(-1), result });
    return Promise.resolve();
  }
}

export const NEVER: AbortSignal = new AbortController().signal;

/** A question about a whole fixture lake, unless it says otherwise. */
export function question(topic: string, overrides: Partial<AnalysisSpec> = {}): AnalysisSpec {
  return {
    topic,
    interval: { from: START - 7 * DAY_MS, to: START + 7 * DAY_MS },
    timeZone: 'UTC',
    includeStopWords: false,
    includeRetweetWords: false,
    ...overrides,
  };
}

/** What an engine and the reference must agree on, to the last digit. */
export function answerOf(answer: AnalysisResult | ReferenceAnswer): unknown {
  const { newest, mostRetweeted } = answer;
  return { ...figuresOf(answer), newest, mostRetweeted };
}

export async function ask(engine: AnalysisEngine, snapshot: Snapshot, spec: AnalysisSpec): Promise<AnalysisResult> {
  return engine.run(spec, snapshot, new Recorder(), NEVER);
}

/** All pages of an order, each of `size`. */
export async function allPages(
  engine: AnalysisEngine,
  snapshot: Snapshot,
  spec: AnalysisSpec,
  order: PostOrder,
  size: number,
): Promise<{ readonly posts: unknown[]; readonly retweeted: unknown[]; readonly total: number }> {
  const posts: unknown[] = [];
  const retweeted: unknown[] = [];
  for (let offset = 0; ; offset += size) {
    const page = await engine.posts(spec, snapshot, { order, offset, limit: size }, NEVER);
    posts.push(...page.posts);
    retweeted.push(...page.retweeted);
    if (offset + size >= page.total) return { posts, retweeted, total: page.total };
  }
}
