export type { DataFile, Manifest, Snapshot, TombstoneFile } from './manifest.js';
