export { createDuckDbEngine } from './engine.js';
export type { DuckDbEngineOptions } from './instance.js';
