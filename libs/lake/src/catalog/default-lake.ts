import type { LakeKind } from './manifest.js';

/**
 * The lake that is used where `LAKE` says nothing: a name below `DATA_DIR`. Demo data have a lake of their own.
 * This file imports nothing at run time: the start script reads it before anything is built.
 */
export function defaultLake(kind: LakeKind): string {
  return kind === 'demo' ? 'demo' : 'lake';
}

/**
 * What a lake holds, for people. A lake that nobody has filled since it learned to state its kind is known by its name.
 * @param root - the lake's folder.
 */
export function presumedKind(root: string, stated: LakeKind | null): LakeKind {
  if (stated !== null) return stated;
  return root.split(/[/\\]/).at(-1) === defaultLake('demo') ? 'demo' : 'real';
}
