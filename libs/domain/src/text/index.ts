export { analyseText, type EntityExtractor, type TextAnalysis, type TextInput } from './analyse.js';
export { codePointOffsets, utf8Offsets, type OffsetMap } from './offsets.js';
export { withoutRetweetPrefix, type TextEntity } from './pieces.js';
