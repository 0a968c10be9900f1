export { createSparkEngine } from './engine.js';
export type { SparkEngineOptions } from './options.js';
