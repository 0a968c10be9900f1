import { z } from 'zod';
import type { SourceDeclaration } from '../source-declaration.js';

/** What every source of the X API needs; each of these variables holds for all of them. */
const account = {
  X_BEARER_TOKEN: z.string().optional().describe('the bearer token of your X app').meta({ secret: true }),
  X_BEARER_TOKEN_FILE: z.string().optional().describe('or a file that holds the token'),
  X_API_URL: z
    .url({ protocol: /^https?$/ })
    .default('https://api.x.com')
    .describe('where the X API is'),
};

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
