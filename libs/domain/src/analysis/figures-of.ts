import type { AnalysisFigures } from './result.js';

/** The figures alone, without the rows that go with them. A figure that is left out here does not compile. */
export function figuresOf(answer: AnalysisFigures): AnalysisFigures {
  const { counts, hashtags, words, mentions, authors, domains, cells } = answer;
  return { counts, hashtags, words, mentions, authors, domains, cells };
}
