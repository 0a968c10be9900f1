export {
  createTemplates,
  type AnalysisParams,
  type LakeFile,
  type PostsParams,
  type SparkProgram,
  type SparkTemplates,
  type StopWordLists,
  type TopicTree,
} from './templates.js';
export {
  isMissing,
  pieceOf,
  readAnalysis,
  readPosts,
  TemplateReplyError,
  type AnalysisAnswer,
  type DisplayRow,
  type Piece,
  type PostsAnswer,
  type RankedAnswer,
  type RetweetedRow,
} from './replies.js';
