import { defaultLake, type LakeKind, lakeLocation, type LakeLocation } from '@analytica/lake';
import { type Environment, parseVariables } from './environment.js';
import { type ChosenSource, configureSources, type RegisteredSource, SOURCES } from './sources/registry.js';
import { DEFAULT_FLUSH_SECONDS, ingestorVariables } from './variables.js';

export interface IngestorConfig {
  readonly sources: readonly ChosenSource[];
  /** What the sources fill the lake with; null without sources. */
  readonly kind: LakeKind | null;
  readonly lake: LakeLocation & {
    readonly retentionDays: number;
    readonly flushMs: number;
    readonly flushBytes: number;
  };
  /** Languages of posts that live sources keep; none: all. */
  readonly languages: readonly string[];
  /** The log grows no further; capture waits. */
  readonly maxLogBytes: number;
  /** Where metrics are served on this machine; null: nowhere. */
  readonly metricsPort: number | null;
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
    languages: kind === 'demo' ? [] : (values.INGEST_LANGUAGES ?? []),
    maxLogBytes: values.INGEST_LOG_MAX_MIB * 1024 * 1024,
    metricsPort: values.INGEST_METRICS_PORT ?? null,
    redis: { url: values.REDIS_URL, prefix: values.REDIS_PREFIX },
    logLevel: values.LOG_LEVEL,
  });
}
