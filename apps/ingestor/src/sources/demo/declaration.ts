import { z } from 'zod';
import type { SourceDeclaration } from '../source-declaration.js';

export const demoDeclaration = {
  name: 'demo',
  summary: 'demo data (generated; every post is labelled so)',
  kind: 'demo',
  flushSeconds: 5,
  settings: z.object({
    DEMO_RATE: z.coerce.number().min(0.001).max(1000).default(1).describe('multiplies the number of demo posts'),
    DEMO_SEED: z.coerce
      .number()
      .int()
      .min(0)
      .max(2 ** 32 - 1)
      .default(1)
      .describe('another seed, another week'),
  }),
} as const satisfies SourceDeclaration;
