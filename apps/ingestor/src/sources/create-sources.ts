import { AppError } from '@analytica/domain';
import type { ChosenSource } from './registry.js';
import type { Source } from './source.js';

/**
 * Makes the sources that were chosen. Of several, one that cannot be made does not stop the others: it is a source that fails.
 * @param now - the time of arrival, epoch ms.
 * @throws what went wrong, where no source could be made.
 */
export function createSources(chosen: readonly ChosenSource[], now: () => number): readonly Source[] {
  const errors: unknown[] = [];
  const sources = chosen.map(({ declaration, create }) => {
    try {
      return create(now);
    } catch (error) {
      errors.push(error);
      return failingSource(declaration.name, error);
    }
  });
  if (errors.length > 0 && errors.length === chosen.length) throw errors[0];
  return sources;
}

function failingSource(name: string, cause: unknown): Source {
  // Nothing changes before the next start: it is not tried again.
  const error =
    cause instanceof AppError ? cause : new AppError('SOURCE_UNREADABLE', `${name}: ${String(cause)}.`, { cause });
  return {
    name,
    postSource: null,
    shiftMs: 0,
    importName: null,
    // eslint-disable-next-line require-yield -- there is nothing to give
    async *batches() {
      await Promise.reject(error);
    },
    progress: () => null,
    status: () => ({ state: 'FAILED', problems: [], lagMs: null }),
  };
}
