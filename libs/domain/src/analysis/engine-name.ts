/** Engines: DuckDB in the worker, Spark on a cluster. */
export const ENGINE_NAMES = ['embedded', 'cluster'] as const;
export type EngineName = (typeof ENGINE_NAMES)[number];

/** What a deployment or a question may choose: an engine, or `auto`: the embedded one up to a size of data, the cluster beyond it. */
export const ENGINE_CHOICES = [...ENGINE_NAMES, 'auto'] as const;
export type EngineChoice = (typeof ENGINE_CHOICES)[number];
