import type { PostSource } from '@analytica/domain';

/** Sources by the names that GraphQL has for them, as they stand on the page. */
export const SOURCE_NAMES: Readonly<Record<Uppercase<PostSource>, string>> = {
  X: 'X',
  BLUESKY: 'Bluesky',
  DEMO: 'Demo data',
};
