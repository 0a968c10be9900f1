import { defaultLake, type LakeKind, lakeLocation, type LakeLocation } from '@analytica/lake';
import { z } from 'zod';
import { type Environment, parseVariables } from './environment.js';
import { type ChosenSource, configureSources, type RegisteredSource, SOURCES } from './sources/registry.js';

const DEFAULT_FLUSH_SECONDS = 60;

/** The variables of the ingestor beside those of its sources. */
export const ingestorVariables = z.object({
  DATA_DIR: z.string().default('data'),
  LAKE: z.string().optional(),
  LAKE_RETENTION_DAYS: z.coerce.number().int().min(0).max(100_000).default(8),
  LAKE_FLUSH_SECONDS: z.coerce.number().min(0.1).max(3600).optional(),
  LAKE_FLUSH_MIB: z.coerce.number().min(0.001).max(1024).default(64),
  REDIS_URL: z.string().default('redis://127.0.0.1:6379'),
  REDIS_PREFIX: z.string().default('ta:'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});

export interface IngestorConfig {
  readonly sources: readonly ChosenSource[];
  /** What the sources fill the lake with; null without sources. */
  readonly kind: LakeKind | null;
  readonly lake: LakeLocation & {
    readonly retentionDays: number;
    readonly flushMs: number;
    readonly flushBytes: number;
  };
  readonly redis: { readonly url: string; readonly prefix: string };
  readonly logLevel: string;
}

/**
 * Reads the configuration from the environment: the only place that does.
 * @param available - the sources that can be chosen.
 * @throws AppError `CONFIG_INVALID` with one sentence that names the variable.
 */
export function readConfig(
  environment: Environment = process.env,
  available: readonly RegisteredSource[] = SOURCES,
): IngestorConfig {
  const { sources, kind } = configureSources(available, environment);
  const values = parseVariables(ingestorVariables, environment);
  const flushSeconds = sources.map(({ declaration }) => declaration.flushSeconds);
  return Object.freeze({
    sources,
    kind,
    lake: {
      ...lakeLocation(values.DATA_DIR, values.LAKE ?? defaultLake(kind ?? 'real')),
      retentionDays: values.LAKE_RETENTION_DAYS,
      flushMs: 1000 * (values.LAKE_FLUSH_SECONDS ?? Math.min(DEFAULT_FLUSH_SECONDS, ...flushSeconds)),
      flushBytes: values.LAKE_FLUSH_MIB * 1024 * 1024,
    },
    redis: { url: values.REDIS_URL, prefix: values.REDIS_PREFIX },
    logLevel: values.LOG_LEVEL,
  });
}
