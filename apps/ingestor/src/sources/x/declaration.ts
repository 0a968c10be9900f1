import { z } from 'zod';
import type { SourceDeclaration } from '../source-declaration.js';

/** What every source of the X API needs; each of these variables holds for all of them together. */
const account = {
  X_BEARER_TOKEN: z.string().optional().describe('the bearer token of your X app').meta({ secret: true }),
  X_BEARER_TOKEN_FILE: z.string().optional().describe('or a file that holds the token'),
  X_API_URL: z
    .url({ protocol: /^https?$/ })
    .default('https://api.x.com')
    .describe('where the X API is'),
  X_MAX_POSTS: z.coerce.number().int().min(1).optional().describe('posts read from X in a month, at most'),
  X_MAX_DOLLARS: z.coerce.number().positive().optional().describe('dollars spent on posts of X in a month, at most'),
  X_DOLLARS_PER_POST: z.coerce.number().min(0).default(0.005).describe('what X charges for a post'),
};

/** Where X is and how it is reached, for what is no source. */
export const xAccountVariables = z.object(account).pick({
  X_BEARER_TOKEN: true,
  X_BEARER_TOKEN_FILE: true,
  X_API_URL: true,
});

export const xFilteredDeclaration = {
  name: 'x-filtered',
  summary: 'posts on X that match your rules, as they happen',
  kind: 'real',
  flushSeconds: 5,
  settings: z.object(account),
} as const satisfies SourceDeclaration;

export const xSampledDeclaration = {
  name: 'x-sampled',
  summary: 'one post of X in a hundred, as they happen (an enterprise account)',
  kind: 'real',
  flushSeconds: 5,
  settings: z.object(account),
} as const satisfies SourceDeclaration;

export const xSearchDeclaration = {
  name: 'x-search',
  summary: "the days before, and what x-filtered missed, by X's search",
  kind: 'real',
  flushSeconds: 5,
  settings: z.object({
    ...account,
    BACKFILL_DAYS: z.coerce
      .number()
      .int()
      .min(0)
      .max(7)
      .default(0)
      .describe('days before its first start for which x-search reads what each rule matches, up to 7'),
    X_REFILL_MAX_POSTS: z.coerce
      .number()
      .int()
      .min(1)
      .optional()
      .describe('posts in a month that x-search may read to refill gaps of x-filtered; without it none'),
  }),
} as const satisfies SourceDeclaration;
