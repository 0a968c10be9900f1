import { AppError } from '@analytica/domain';
import type { LakeStore } from './lake-store.js';
import { LocalStore } from './local-store.js';

const SCHEME = /^([a-z][a-z0-9+.-]+):\/\//i;

/**
 * The store at a URI. A path without a scheme is a folder of this machine.
 * @throws AppError `CONFIG_INVALID` for a scheme that nobody here knows.
 */
export function openStore(uri: string): LakeStore {
  const [, scheme] = SCHEME.exec(uri) ?? [];
  if (scheme === undefined) return new LocalStore(uri);
  throw new AppError('CONFIG_INVALID', `${uri} cannot be opened: only folders of this machine can be used so far.`);
}
