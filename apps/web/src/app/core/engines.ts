import type { EngineChoice } from './question';

/** As a receipt says it. */
export const ENGINES = { EMBEDDED: 'DuckDB', CLUSTER: 'Spark cluster' } as const;

/** As it is chosen. */
export const ENGINE_CHOICES: Record<EngineChoice, string> = {
  AUTO: 'By size of the data',
  EMBEDDED: 'DuckDB, on one machine',
  CLUSTER: 'Spark cluster',
};

/** Which engine answers, and whether somebody asked for it. */
export function engineText(analysis: { engine: keyof typeof ENGINES; engineChoice: EngineChoice }): string {
  return `${ENGINES[analysis.engine]}${analysis.engineChoice === 'AUTO' ? ', by size of the data' : ''}`;
}
