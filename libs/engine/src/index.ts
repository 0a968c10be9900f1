export type { AnalysisEngine, AnalysisSink, PostPage, PostPageRequest } from './analysis-engine.js';
export { tolerateDamage, type DamageToleranceOptions } from './damage-tolerant-engine.js';
