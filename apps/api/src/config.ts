import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '@analytica/domain';
import { readRedisAddress, type RedisAddress, redisKeyPrefix } from '@analytica/domain/contracts';
import { defaultLake, lakeLocation, type LakeLocation } from '@analytica/lake';
import { z } from 'zod';
import { type EngineConfig, engineConfig, engineVariables, SECRET_VARIABLES } from './config/engine-config.js';

const PACKAGE_ROOT = fileURLToPath(new URL('..', import.meta.url));

const port = z.coerce.number().int().min(0).max(65_535);

/** The variables of API and worker. */
export const apiVariables = z.object({
  NODE_ENV: z.string().default('development'),
  PORT: port.default(8080),
  HOST: z.string().min(1).default('127.0.0.1'),
  DATA_DIR: z.string().min(1).default('./data'),
  LAKE: z.string().min(1).default(defaultLake('demo')),
  REDIS_URL: z
    .string()
    .default('redis://127.0.0.1:6379')
    .transform((url, context) => {
      const address = readRedisAddress(url);
      if (address !== null) return address;
      context.addIssue('must be redis://, rediss:// or unix://, or redis+cluster://HOST:PORT,HOST:PORT for a cluster');
      return z.NEVER;
    }),
  REDIS_PREFIX: z
    .string()
    .regex(
      /^[A-Za-z0-9_.:-]*(\{[A-Za-z0-9_.:-]+\})?[A-Za-z0-9_.:-]*$/,
      'may hold letters, digits and _ . : - only, and one part in {}',
    )
    .max(64, 'may have 64 characters')
    .default('ta:'),
  WORKER_CONCURRENCY: z.coerce.number().int().min(1).max(64).default(2),
  WORKER_HEALTH_PORT: port.optional(),
  DUCKDB_MEMORY_LIMIT: z
    .string()
    .regex(/^\d+(\.\d+)? ?(KB|MB|GB|TB|KiB|MiB|GiB|TiB)$/i, 'must be a size such as 2GB')
    .optional(),
  ...engineVariables,
  DUCKDB_THREADS: z.coerce.number().int().min(1).max(256).optional(),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  WEB_DIST: z.string().min(1).optional(),
  GRAPHQL_INTROSPECTION: z.enum(['true', 'false']).optional(),
  RESULT_TTL_HOURS: z.coerce
    .number()
    .min(1 / 60, 'must be 1/60 (a minute) or more')
    .max(720)
    .default(24),
});

/** Everything that can be set from outside. It is made once at the start, frozen, and injected. */
export interface Config {
  readonly production: boolean;
  readonly logLevel: string;
  readonly http: { readonly host: string; readonly port: number; readonly introspection: boolean };
  readonly lake: LakeLocation & { readonly dataDir: string };
  /** `prefix` carries the hash tag of the deployment. */
  readonly redis: { readonly address: RedisAddress; readonly prefix: string };
  readonly worker: { readonly concurrency: number; readonly healthPort: number | null };
  readonly engine: EngineConfig;
  readonly duckdb: { readonly memoryLimit: string | null; readonly threads: number | null };
  readonly web: { readonly dist: string };
  readonly results: { readonly ttlSeconds: number };
}

/**
 * Reads the configuration; the only reader of `process.env`.
 * @throws AppError `CONFIG_INVALID` with one sentence that names the variable.
 */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = apiVariables.safeParse(set);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const name = String(issue?.path[0] ?? 'configuration');
    const shown = SECRET_VARIABLES.has(name) ? name : `${name}=${set[name] ?? ''}`;
    throw new AppError('CONFIG_INVALID', `${shown} is not usable: ${issue?.message ?? 'invalid'}.`);
  }
  const v = parsed.data;
  const production = v.NODE_ENV === 'production';
  return deepFreeze({
    production,
    logLevel: v.LOG_LEVEL,
    http: {
      host: v.HOST,
      port: v.PORT,
      introspection: v.GRAPHQL_INTROSPECTION === undefined ? !production : v.GRAPHQL_INTROSPECTION === 'true',
    },
    lake: { dataDir: resolve(v.DATA_DIR), ...lakeLocation(v.DATA_DIR, v.LAKE) },
    redis: { address: v.REDIS_URL, prefix: redisKeyPrefix(v.REDIS_PREFIX) },
    worker: { concurrency: v.WORKER_CONCURRENCY, healthPort: v.WORKER_HEALTH_PORT ?? null },
    engine: engineConfig(v),
    duckdb: { memoryLimit: v.DUCKDB_MEMORY_LIMIT ?? null, threads: v.DUCKDB_THREADS ?? null },
    web: { dist: v.WEB_DIST === undefined ? resolve(PACKAGE_ROOT, '../web/dist/browser') : resolve(v.WEB_DIST) },
    results: { ttlSeconds: Math.round(v.RESULT_TTL_HOURS * 3600) },
  });
}

/** Injection token of the configuration. */
export const CONFIG = Symbol('config');

function deepFreeze<T extends object>(value: T): T {
  for (const inner of Object.values(value) as unknown[]) {
    if (typeof inner === 'object' && inner !== null) deepFreeze(inner);
  }
  return Object.freeze(value);
}
