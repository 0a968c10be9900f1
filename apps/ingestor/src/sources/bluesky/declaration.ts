import { z } from 'zod';
import type { SourceDeclaration } from '../source-declaration.js';

export const blueskyDeclaration = {
  name: 'bluesky',
  summary: 'Bluesky, live',
  kind: 'real',
  flushSeconds: 5,
  settings: z.object({
    BLUESKY_JETSTREAM_URL: z
      .string()
      .optional()
      .describe('Jetstream servers with commas between them, v1 or v2; the four public ones by default'),
    BLUESKY_STALL_SECONDS: z.coerce
      .number()
      .min(1)
      .max(3600)
      .default(21)
      .describe('silence after which a connection is made anew'),
    BLUESKY_HANDLES: z.enum(['on', 'off']).default('on').describe("on or off: whether authors' names are looked up"),
    BLUESKY_APPVIEW_URL: z
      .url({ protocol: /^https?$/ })
      .default('https://public.api.bsky.app')
      .describe('where names are looked up'),
  }),
} as const satisfies SourceDeclaration;
