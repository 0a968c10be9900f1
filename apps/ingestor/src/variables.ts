import { z } from 'zod';

/** Where neither LAKE_FLUSH_SECONDS nor a source says anything. */
export const DEFAULT_FLUSH_SECONDS = 60;

/** The variables of the ingestor beside those of its sources. */
export const ingestorVariables = z.object({
  DATA_DIR: z.string().default('data'),
  LAKE: z.string().optional(),
  LAKE_RETENTION_DAYS: z.coerce.number().int().min(0).max(100_000).default(8),
  LAKE_FLUSH_SECONDS: z.coerce.number().min(0.1).max(3600).optional(),
  LAKE_FLUSH_MIB: z.coerce.number().min(0.001).max(1024).default(64),
  INGEST_LOG_MAX_MIB: z.coerce
    .number()
    .min(0.01)
    .max(1024 * 1024)
    .default(10_240),
  INGEST_METRICS_PORT: z.coerce.number().int().min(1).max(65_535).optional(),
  INGEST_LANGUAGES: z.string().transform(readLanguages).optional(),
  REDIS_URL: z.string().default('redis://127.0.0.1:6379'),
  REDIS_PREFIX: z.string().default('ta:'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});

/** `en, IT` is en and it: primary subtags, as posts have them (docs/counting.md, rule 5). */
function readLanguages(list: string, context: z.RefinementCtx<string>): readonly string[] {
  const languages = list
    .split(',')
    .map((language) => language.trim().toLowerCase())
    .filter((language) => language !== '');
  if (languages.every((language) => /^[a-z]{2,8}$/.test(language))) return [...new Set(languages)];
  context.addIssue('give languages of two or three letters with commas between them, such as en,it,und');
  return z.NEVER;
}
