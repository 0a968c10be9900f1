import type { EngineChoice } from './question';

/** Names of engines in an answer. */
export const ENGINE_NAMES = { EMBEDDED: 'DuckDB', CLUSTER: 'Spark cluster' } as const;

/** Names of engines in a list of choices. */
export const ENGINE_CHOICE_LABELS: Record<EngineChoice, string> = {
  AUTO: 'By size of the data',
  EMBEDDED: 'DuckDB, on one machine',
  CLUSTER: 'Spark cluster',
};

/** Which engine answers, and whether the size of the data decided. */
export function engineText(analysis: { engine: keyof typeof ENGINE_NAMES; engineChoice: EngineChoice }): string {
  return `${ENGINE_NAMES[analysis.engine]}${analysis.engineChoice === 'AUTO' ? ', by size of the data' : ''}`;
}
