export { createSparkEngine } from './engine.js';
export type { SparkEngineOptions } from './options.js';
export { MOST_TOGETHER } from './together.js';
