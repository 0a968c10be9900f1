import type { z } from 'zod';
import type { Source } from '../source.js';
import { blueskyTimes, createBlueskySource } from './bluesky-source.js';
import type { blueskyDeclaration } from './declaration.js';
import { parseEndpoints } from './endpoint.js';
import { NO_HANDLES } from './handle-book.js';
import { HandleLookup } from './handle-lookup.js';

type BlueskySettings = z.output<(typeof blueskyDeclaration)['settings']>;

/**
 * Checks what the schema of the settings cannot say.
 * @returns what makes the source from the clock of arrival.
 * @throws AppError `CONFIG_INVALID`.
 */
export function configureBluesky(settings: BlueskySettings): (now: () => number) => Source {
  const endpoints = parseEndpoints(settings.BLUESKY_JETSTREAM_URL);
  const times = blueskyTimes(settings.BLUESKY_STALL_SECONDS * 1000);
  const { BLUESKY_HANDLES, BLUESKY_APPVIEW_URL } = settings;
  return (now) => {
    const handles = BLUESKY_HANDLES === 'on' ? new HandleLookup(BLUESKY_APPVIEW_URL) : NO_HANDLES;
    return createBlueskySource({ endpoints, times, now, handles });
  };
}
