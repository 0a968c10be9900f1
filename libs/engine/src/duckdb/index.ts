export { createDuckDbEngine } from './engine.js';
export type { DuckDbEngineOptions } from './open-instance.js';
