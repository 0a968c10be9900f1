export { createSparkEngine } from './engine.js';
export type { SparkEngineOptions } from './options.js';
export { MAX_ANALYSES_PER_RUN } from './shared-runs.js';
