export { makeFolderDurably, publishFile, replaceFile, syncFolder } from './store/durable-files.js';
export { LakeDatabase, literalPath, type LakeDatabaseOptions, sqlText } from './parquet/lake-database.js';
export {
  FACTS_COLUMN,
  FACTS_FIELDS,
  type FactsField,
  FIELD_SEPARATOR,
  ITEM_SEPARATOR,
  QUOTE_LETTER,
  REPLY_LETTER,
  TOKEN_SEPARATOR,
  WORDS_ARE_IN_TERMS,
} from './facts/facts-form.js';
export { factsExpression, FIELD_COLUMNS, type FieldColumn } from './facts/facts-sql.js';
export { defaultLake, presumedKind } from './catalog/default-lake.js';
export { isWithin, overlaps } from './catalog/file-times.js';
export {
  DEAD_LETTERS_FOLDER,
  earlierImportName,
  hourFolder,
  hourOf,
  IMPORT_NAME,
  lakeAt,
  lakeLocation,
  type LakeLocation,
  LOG_FOLDER,
  sequenceName,
} from './catalog/layout.js';
export type { Erasure, FindErased } from './erasure/eraser.js';
export { LakeWriter, type LakeWriterOptions } from './catalog/lake-writer.js';
export { captureTimes } from './catalog/listed-coverage.js';
export {
  checkFile,
  type FileCondition,
  type FileDamage,
  fileChecksum,
  glanceAtFile,
  isDamage,
  readEveryColumn,
  type RunQuery,
} from './integrity/file-condition.js';
export { LakeInspector } from './integrity/lake-inspector.js';
export type { IdentityPage, PostIdentity } from './integrity/identities.js';
export { missingHours } from './integrity/missing-hours.js';
export { keptPath, planRebuild, type RebuildPlan, type RebuildSource } from './integrity/rebuild-file.js';
export { dataExpired, isExpired, SnapshotCheck } from './integrity/snapshot-check.js';
export { type DamagedFile, holdsTombstones, setAside } from './integrity/set-aside.js';
export { hasImports, type ImportSummary, listImports } from './catalog/imports.js';
export type {
  DataFile,
  LakeKind,
  ListedFile,
  Manifest,
  Snapshot,
  TombstoneFile,
  UnreadableFile,
} from './catalog/manifest.js';
export { emptyManifest, manifestId, readManifest } from './catalog/manifest-store.js';
export { allTombstoneColumns, hiddenAuthors, hiddenPosts } from './parquet/hidden-sql.js';
export { MAX_LINE_BYTES, type Segment } from './parquet/parquet-writer.js';
export { hasWithheld, readWithheld, type WithheldEvents } from './parquet/withheld-events.js';
export { keepSnapshot, type Pin, pinSnapshot, PIN_LIFETIME_MS } from './catalog/pins.js';
export { type LakeColumn, POST_COLUMNS, TOMBSTONE_COLUMNS } from './parquet/post-schema.js';
export type { Ageing } from './catalog/retention.js';
export { fileUri, readSnapshot, storedBytes } from './catalog/snapshot.js';
export type { LakeStore, ObjectInfo, PutOptions, StoredObject } from './store/lake-store.js';
export {
  forgetHolder,
  type Holder,
  holderSchema,
  keepRenewing,
  type Liveness,
  livenessOf,
  newHolder,
  RenewalWatch,
} from './store/liveness.js';
export { acquireLockFile, type LockAttempt, type LockFile, type LockOptions } from './store/lock-file.js';
export { openStore } from './store/open-store.js';
export { storageError } from './store/storage-error.js';
