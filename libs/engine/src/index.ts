export type { AnalysisEngine, AnalysisSink, PostPage, PostPageRequest } from './analysis-engine.js';
export { tolerateDamage } from './damage-tolerant-engine.js';
export { tellWithheld } from './withheld-engine.js';
