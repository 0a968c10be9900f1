import type { LakeKind } from './manifest.js';

/**
 * The lake that is used where `LAKE` says nothing: a name below `DATA_DIR`. Demo data have a lake of their own.
 * This file imports nothing at run time: the start script reads it before anything is built.
 */
export function defaultLake(kind: LakeKind): string {
  return kind === 'demo' ? 'demo' : 'lake';
}
