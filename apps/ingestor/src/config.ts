import { join } from 'node:path';
import { AppError } from '@analytica/domain';
import { IMPORT_NAME, lakeRoot } from '@analytica/lake';
import { z } from 'zod';

/** An empty variable is one that is not set. */
const blank = (value: unknown): unknown => (value === '' ? undefined : value);
const number = (min: number, max: number, fallback: number): z.ZodType<number> =>
  z.preprocess(blank, z.coerce.number().min(min).max(max).default(fallback));
const text = (fallback: string): z.ZodType<string> => z.preprocess(blank, z.string().default(fallback));

const environment = z.object({
  DATA_DIR: text('data'),
  INGEST_SOURCE: z.preprocess(blank, z.enum(['demo', 'replay', 'none']).default('demo')),
  REPLAY_FILES: text(''),
  REPLAY_IMPORT_NAME: text(''),
  REPLAY_REBASE: z.preprocess(blank, z.stringbool().default(false)),
  DEMO_RATE: number(0.001, 1000, 1),
  DEMO_SEED: z.preprocess(
    blank,
    z.coerce
      .number()
      .int()
      .min(0)
      .max(2 ** 32 - 1)
      .default(1),
  ),
  LAKE_RETENTION_DAYS: z.preprocess(blank, z.coerce.number().int().min(0).max(100_000).default(8)),
  LAKE_FLUSH_SECONDS: z.preprocess(blank, z.coerce.number().min(0.1).max(3600).optional()),
  LAKE_FLUSH_MIB: number(0.001, 1024, 64),
  REDIS_URL: text('redis://127.0.0.1:6379'),
  REDIS_PREFIX: text('ta:'),
  LOG_LEVEL: z.preprocess(
    blank,
    z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  ),
});

export interface IngestorConfig {
  readonly source:
    | { readonly kind: 'demo'; readonly rate: number; readonly seed: number }
    | {
        readonly kind: 'replay';
        readonly files: readonly string[];
        readonly rebase: boolean;
        readonly importName: string | null;
      }
    | { readonly kind: 'none' };
  readonly lake: {
    readonly root: string;
    readonly retentionDays: number;
    readonly flushMs: number;
    readonly flushBytes: number;
  };
  readonly redis: { readonly url: string; readonly prefix: string };
  readonly logLevel: string;
}

/**
 * Reads the configuration from the environment: the only place that does.
 * @throws AppError `CONFIG_INVALID` with one sentence that names the variable.
 */
export function readConfig(env: NodeJS.ProcessEnv = process.env): IngestorConfig {
  const parsed = environment.safeParse(env);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const name = String(issue?.path[0]);
    throw new AppError('CONFIG_INVALID', `${name} is "${env[name] ?? ''}": ${issue?.message ?? 'not a valid value'}.`);
  }
  const values = parsed.data;
  return Object.freeze({
    source: readSource(values),
    lake: {
      root: lakeRoot(join(values.DATA_DIR), values.INGEST_SOURCE),
      retentionDays: values.LAKE_RETENTION_DAYS,
      flushMs: 1000 * (values.LAKE_FLUSH_SECONDS ?? (values.INGEST_SOURCE === 'demo' ? 5 : 60)),
      flushBytes: values.LAKE_FLUSH_MIB * 1024 * 1024,
    },
    redis: { url: values.REDIS_URL, prefix: values.REDIS_PREFIX },
    logLevel: values.LOG_LEVEL,
  });
}

function readSource(values: z.infer<typeof environment>): IngestorConfig['source'] {
  switch (values.INGEST_SOURCE) {
    case 'demo':
      return { kind: 'demo', rate: values.DEMO_RATE, seed: values.DEMO_SEED };
    case 'replay': {
      const files = readFiles(values.REPLAY_FILES);
      if (files.length === 0)
        throw new AppError('CONFIG_INVALID', 'INGEST_SOURCE is "replay", but REPLAY_FILES is empty.');
      return {
        kind: 'replay',
        files,
        rebase: values.REPLAY_REBASE,
        importName: readImportName(values.REPLAY_IMPORT_NAME),
      };
    }
    case 'none':
      return { kind: 'none' };
  }
}

function readImportName(value: string): string | null {
  if (value === '') return null;
  if (IMPORT_NAME.test(value)) return value;
  throw new AppError(
    'CONFIG_INVALID',
    `REPLAY_IMPORT_NAME is "${value}": give up to 64 small letters, digits and . _ -, the first a letter or a digit.`,
  );
}

/** A JSON array, or one path a line. */
function readFiles(value: string): readonly string[] {
  if (!value.trimStart().startsWith('[')) return value.split('\n').filter((line) => line.trim() !== '');
  try {
    return z.array(z.string().min(1)).parse(JSON.parse(value));
  } catch (error) {
    throw new AppError('CONFIG_INVALID', 'REPLAY_FILES is neither a JSON array of paths nor one path a line.', {
      cause: error,
    });
  }
}
