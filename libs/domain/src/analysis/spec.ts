import type { Interval } from '../interval/interval.js';

/** A question with nothing left to decide: what an engine gets. Two equal specs are the same question. */
export interface AnalysisSpec {
  /** Canonical form of the topic (`@analytica/domain/topic`); parses to the same tree again. */
  readonly topic: string;
  readonly interval: Interval;
  /** IANA zone of buckets and peak hours. */
  readonly timeZone: string;
  /** Count stop words among the words. */
  readonly includeStopWords: boolean;
  /** Count the words of retweets. */
  readonly includeRetweetWords: boolean;
}
