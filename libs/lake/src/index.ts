export { makeFolderDurably, replaceFile, syncFolder } from './durable-files.js';
export { LakeDatabase, type LakeDatabaseOptions } from './lake-database.js';
export {
  FACTS_COLUMN,
  FACTS_FIELDS,
  type FactsField,
  factsExpression,
  WORDS_ARE_IN_TERMS,
  wordInTerms,
} from './facts-column.js';
export { DEAD_LETTERS_FOLDER, hourFolder, hourOf, lakeRoot, LOG_FOLDER, sequenceName } from './layout.js';
export { LocalLake, type LocalLakeOptions, type PostIdentity } from './local-lake.js';
export type { DataFile, Manifest, Snapshot, TombstoneFile } from './manifest.js';
export { manifestId, readManifest } from './manifest-store.js';
export { MAX_LINE_BYTES, type Segment } from './parquet-writer.js';
export { holdSnapshot, type Pin, pinSnapshot, PIN_LIFETIME_MS } from './pins.js';
export { type LakeColumn, POST_COLUMNS, TOMBSTONE_COLUMNS } from './post-schema.js';
export { readSnapshot } from './snapshot.js';
export { storageError } from './storage-error.js';
