export type { DataFile, Manifest, Snapshot, TombstoneFile } from './manifest.js';
export { POST_COLUMNS, TOMBSTONE_COLUMNS, type LakeColumn } from './post-schema.js';
