export type { AnalysisEngine, AnalysisSink, PostPage, PostPageRequest } from './analysis-engine.js';
