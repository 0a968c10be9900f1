export type {
  AnalysisEngine,
  AnalysisSink,
  EngineName,
  PostOrder,
  PostPage,
  PostPageRequest,
} from './analysis-engine.js';
