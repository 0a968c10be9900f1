import { readFileSync } from 'node:fs';
import { AppError, ENGINE_CHOICES, type EngineChoice } from '@analytica/domain';
import { z } from 'zod';

const UNITS = { B: 1, KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12, KIB: 2 ** 10, MIB: 2 ** 20, GIB: 2 ** 30, TIB: 2 ** 40 };
const GIB = 2 ** 30;

const size = z
  .string()
  .regex(/^\d+(\.\d+)? ?([KMGT]i?)?B?$/i, 'must be a size in bytes, or such as 4GiB')
  .transform((text) => {
    const [, number = '0', unit = ''] = /^([\d.]+) ?(.*)$/.exec(text) ?? [];
    const name = unit.toUpperCase();
    return Math.round(Number(number) * UNITS[(name.endsWith('B') ? name : `${name}B`) as keyof typeof UNITS]);
  });

/** Variables of the engines, for the schema in config.ts. */
export const engineVariables = {
  ENGINE: z.enum(ENGINE_CHOICES).default('embedded'),
  ENGINE_AUTO_LIMIT: size.default(4 * GIB),
  LIVY_URL: z
    .string()
    .regex(/^https?:\/\/[^\s@]+$/, 'must be an http:// or https:// address without a user or password in it')
    .optional(),
  LIVY_AUTH: z.enum(['none', 'basic', 'bearer', 'header']).default('none'),
  LIVY_AUTH_NAME: z
    .string()
    .regex(/^[\x21-\x7e]+$/, 'must be a user or header name in visible ASCII')
    .optional(),
  LIVY_AUTH_SECRET: z.string().optional(),
  LIVY_ALLOW_ANONYMOUS: z.enum(['true', 'false']).default('false'),
  LIVY_TLS_CA: z.string().min(1).optional(),
  LIVY_POOL_MIN: z.coerce.number().int().min(0).max(64).default(1),
  LIVY_POOL_MAX: z.coerce.number().int().min(1).max(64).default(2),
  LIVY_POOL_PREFIX: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, 'must begin with a letter; letters, digits, _ and - may follow')
    .optional(),
  LIVY_SPARK_CONF: z.string().optional(),
  CLUSTER_LAKE_URI: z
    .string()
    .regex(/^[a-z][a-z0-9+.-]*:\/\/\S+$/i, 'must be an address such as s3a://bucket/lake')
    .optional(),
};

/** Variables whose values are never repeated, neither in a message nor in a log. */
export const SECRET_VARIABLES: ReadonlySet<string> = new Set(['LIVY_AUTH_SECRET', 'LIVY_SPARK_CONF', 'LIVY_URL']);

export type LivyCredentials =
  | { readonly type: 'none' }
  | { readonly type: 'basic'; readonly username: string; readonly password: string }
  | { readonly type: 'bearer'; readonly token: string }
  | { readonly type: 'header'; readonly name: string; readonly value: string };

export interface LivyConfig {
  readonly url: string;
  readonly auth: LivyCredentials;
  readonly allowAnonymous: boolean;
  /** PEM of a private authority. */
  readonly ca: string | null;
  /** `max` is over all workers that share the Redis. `prefix` null: made once and kept in Redis. */
  readonly pool: { readonly min: number; readonly max: number; readonly prefix: string | null };
  readonly sparkConf: Readonly<Record<string, string>>;
  /** Where the cluster finds the lake; null: at the same path as this machine. */
  readonly lakeUri: string | null;
}

export interface EngineConfig {
  /** The engine of a question that names none. */
  readonly default: EngineChoice;
  /** `auto` takes the embedded engine where the interval's files have at most this many bytes. */
  readonly autoLimitBytes: number;
  /** Null: there is no cluster. */
  readonly livy: LivyConfig | null;
}

type EngineVariables = z.infer<z.ZodObject<typeof engineVariables>>;

/** @throws AppError `CONFIG_INVALID` with one sentence that names the variable. */
export function engineConfig(v: EngineVariables): EngineConfig {
  if (v.LIVY_URL === undefined) {
    if (v.ENGINE === 'embedded') return { default: 'embedded', autoLimitBytes: v.ENGINE_AUTO_LIMIT, livy: null };
    throw invalid(
      `ENGINE=${v.ENGINE} needs a cluster: set LIVY_URL to the address of a Livy server, or start with ENGINE=embedded. npm start -- --engine ${v.ENGINE} brings one up by itself.`,
    );
  }
  if (v.LIVY_POOL_MIN > v.LIVY_POOL_MAX) {
    throw invalid(`LIVY_POOL_MIN=${String(v.LIVY_POOL_MIN)} is more than LIVY_POOL_MAX=${String(v.LIVY_POOL_MAX)}.`);
  }
  return {
    default: v.ENGINE,
    autoLimitBytes: v.ENGINE_AUTO_LIMIT,
    livy: {
      url: v.LIVY_URL,
      auth: credentials(v),
      allowAnonymous: v.LIVY_ALLOW_ANONYMOUS === 'true',
      ca: v.LIVY_TLS_CA === undefined ? null : readAuthority(v.LIVY_TLS_CA),
      pool: { min: v.LIVY_POOL_MIN, max: v.LIVY_POOL_MAX, prefix: v.LIVY_POOL_PREFIX ?? null },
      sparkConf: v.LIVY_SPARK_CONF === undefined ? {} : readSparkConf(v.LIVY_SPARK_CONF),
      lakeUri: v.CLUSTER_LAKE_URI ?? null,
    },
  };
}

function credentials(v: EngineVariables): LivyCredentials {
  const { LIVY_AUTH: type, LIVY_AUTH_NAME: name, LIVY_AUTH_SECRET: secret } = v;
  if (type === 'none') return { type };
  if (secret === undefined) throw invalid(`LIVY_AUTH=${type} needs LIVY_AUTH_SECRET.`);
  if (/[\r\n]/.test(secret)) throw invalid('LIVY_AUTH_SECRET must be one line.');
  if (type === 'bearer') return { type, token: secret };
  if (name === undefined) {
    throw invalid(
      `LIVY_AUTH=${type} needs LIVY_AUTH_NAME, the ${type === 'basic' ? 'user' : "header's name"}, besides LIVY_AUTH_SECRET.`,
    );
  }
  return type === 'basic' ? { type, username: name, password: secret } : { type, name, value: secret };
}

function readAuthority(file: string): string {
  let pem: string;
  try {
    pem = readFileSync(file, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw invalid(`LIVY_TLS_CA=${file} cannot be read: ${reason}.`);
  }
  if (!pem.includes('-----BEGIN CERTIFICATE-----')) throw invalid(`LIVY_TLS_CA=${file} holds no PEM certificate.`);
  return pem;
}

function readSparkConf(text: string): Readonly<Record<string, string>> {
  const wrong = 'LIVY_SPARK_CONF must be a JSON object of spark.* settings, such as {"spark.executor.memory":"4g"}.';
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw invalid(wrong);
  }
  const conf = z
    .record(z.string().regex(/^spark\.\S+$/), z.union([z.string(), z.number(), z.boolean()]))
    .safeParse(parsed);
  if (!conf.success) throw invalid(wrong);
  if ('spark.master' in conf.data)
    throw invalid('LIVY_SPARK_CONF cannot set spark.master: Livy takes it from its server alone.');
  return Object.fromEntries(Object.entries(conf.data).map(([key, value]) => [key, String(value)]));
}

function invalid(message: string): AppError {
  return new AppError('CONFIG_INVALID', message);
}
