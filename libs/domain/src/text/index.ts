export { analyseText, type EntityExtractor, type TextAnalysis, type TextInput } from './analyse.js';
export { findEmojis } from './emojis.js';
export { fold, foldTag, isAscii } from './fold.js';
export { findLinks, removeLinks } from './links.js';
export { codePointOffsets, utf8Offsets, type OffsetMap } from './offsets.js';
export { cutPieces, withoutRetweetPrefix, type Piece, type Pieces, type TextEntity } from './pieces.js';
export { isUnspaced, joinTokens, tokenize } from './tokens.js';
export { unescapeEntities } from './unescape.js';
export { wordsOf } from './words.js';
