import type { Source } from '../source.js';
import { openAccount, type XAccountSettings } from './account.js';
import { xFilteredDeclaration, xSampledDeclaration } from './declaration.js';
import { createXStreamSource } from './x-stream-source.js';

/** Posts that match the rules of the account. @throws AppError `CONFIG_INVALID` without a usable token. */
export function createXFilteredSource(settings: XAccountSettings, now: () => number): Source {
  const { name } = xFilteredDeclaration;
  return createXStreamSource({ name, path: '/2/tweets/search/stream', account: openAccount(name, settings), now });
}

/** One post in a hundred. @throws AppError `CONFIG_INVALID` without a usable token. */
export function createXSampledSource(settings: XAccountSettings, now: () => number): Source {
  const { name } = xSampledDeclaration;
  return createXStreamSource({ name, path: '/2/tweets/sample/stream', account: openAccount(name, settings), now });
}
