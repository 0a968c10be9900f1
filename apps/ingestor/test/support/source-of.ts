import type { RawBatch, Source } from '../../src/sources/source.js';

/** A live source that gives these batches and then ends, or does what `end` does. */
export function sourceOf(
  batches: readonly RawBatch[],
  end: () => Promise<void> = () => Promise.resolve(),
  name = 'test',
): Source {
  return {
    name,
    postSource: null,
    shiftMs: 0,
    importName: null,
    progress: () => null,
    status: () => ({ state: 'LIVE', problems: [], lagMs: 0 }),
    async *batches() {
      yield* batches;
      await end();
    },
  };
}
