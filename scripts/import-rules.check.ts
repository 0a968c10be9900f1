import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

// Lints forbidden imports in a copy of the checkout: each must fail by its own rule, and a harmless file must pass.
const ROOT = resolve(import.meta.dirname, '..');

interface Probe {
  readonly what: string;
  readonly file: string;
  readonly code: string;
  readonly rule: string | null;
  readonly also?: Readonly<Record<string, string>>;
}

const use = (name: string, from: string): string =>
  `import * as ${name} from '${from}';\nexport const used = ${name};\n`;
const BOUNDARIES = '@nx/enforce-module-boundaries';
const UNDECLARED = 'import-x/no-extraneous-dependencies';

const PROBES: readonly Probe[] = [
  {
    what: 'a harmless file passes',
    file: 'libs/lake/src/probe.ts',
    code: use('domain', '@analytica/domain'),
    rule: null,
  },
  {
    what: 'domain must not import lake',
    file: 'libs/domain/src/probe-up.ts',
    code: use('lake', '@analytica/lake'),
    rule: BOUNDARIES,
  },
  {
    what: 'domain does no I/O',
    file: 'libs/domain/src/probe-io.ts',
    code: use('fs', 'node:fs'),
    rule: 'no-restricted-imports',
  },
  {
    what: 'a library knows no Nest',
    file: 'libs/engine/src/probe-nest.ts',
    code: use('nest', '@nestjs/common'),
    rule: BOUNDARIES,
  },
  {
    what: 'lake must not import engine',
    file: 'libs/lake/src/probe-engine.ts',
    code: use('engine', '@analytica/engine'),
    rule: BOUNDARIES,
  },
  {
    what: 'a library knows no queue',
    file: 'libs/lake/src/probe-queue.ts',
    code: use('redis', 'ioredis'),
    rule: BOUNDARIES,
  },
  {
    what: 'DuckDB stays in lake and engine',
    file: 'apps/ingestor/src/probe-duckdb.ts',
    code: use('duckdb', '@duckdb/node-api'),
    rule: BOUNDARIES,
  },
  {
    what: 'the dashboard must not import lake',
    file: 'apps/web/src/app/probe.ts',
    code: use('lake', '@analytica/lake'),
    rule: BOUNDARIES,
  },
  {
    what: 'an app must not import an app',
    file: 'apps/api/src/probe-app.ts',
    code: use('app', '../../ingestor/src/source.js'),
    rule: BOUNDARIES,
  },
  {
    what: 'HTTP-side files run no engine',
    file: 'apps/api/src/probe-engine.ts',
    code: use('engine', '@analytica/engine/duckdb'),
    rule: 'no-restricted-imports',
  },
  {
    what: 'what both processes share knows no GraphQL library',
    file: 'apps/api/src/runs/probe-graphql.ts',
    code: use('graphql', '@nestjs/graphql'),
    rule: 'no-restricted-imports',
  },
  {
    what: 'what both processes share knows nothing of the GraphQL side',
    file: 'apps/api/src/runs/probe-analyses.ts',
    code: use('models', '../analyses/analysis-model.js'),
    rule: 'no-restricted-imports',
  },
  {
    what: 'what both processes share runs no engine',
    file: 'apps/api/src/runs/probe-engine.ts',
    code: use('engine', '@analytica/engine/duckdb'),
    rule: 'no-restricted-imports',
  },
  {
    what: 'the worker knows no GraphQL',
    file: 'apps/api/src/worker/probe-graphql.ts',
    code: use('errors', '../graphql/errors.js'),
    rule: 'no-restricted-imports',
  },
  {
    what: 'the worker runs engines',
    file: 'apps/api/src/worker/probe-engine.ts',
    code: use('engine', '@analytica/engine/duckdb'),
    rule: null,
  },
  {
    what: 'only config.ts reads the environment',
    file: 'apps/api/src/probe-env.ts',
    code: "export const home = process.env['HOME'];\n",
    rule: 'no-restricted-syntax',
  },
  {
    what: 'no default exports',
    file: 'libs/lake/src/probe-default.ts',
    code: 'export default 1;\n',
    rule: 'no-restricted-syntax',
  },
  {
    what: 'private members are written with #',
    file: 'libs/lake/src/probe-private.ts',
    code: 'export class Probe {\n  private value = 1;\n  get next(): number {\n    return this.value + 1;\n  }\n}\n',
    rule: 'no-restricted-syntax',
  },
  {
    what: 'no import cycles',
    file: 'libs/lake/src/probe-a.ts',
    code: "import { b } from './probe-b.js';\nexport const a = (): number => b();\n",
    rule: 'import-x/no-cycle',
    also: { 'libs/lake/src/probe-b.ts': "import { a } from './probe-a.js';\nexport const b = (): number => a();\n" },
  },
  {
    what: 'the Livy library rests on nothing of ours',
    file: 'libs/livy/src/probe-domain.ts',
    code: use('domain', '@analytica/domain'),
    rule: BOUNDARIES,
  },
  {
    what: 'the Livy library knows no Nest',
    file: 'libs/livy/src/probe-nest.ts',
    code: use('nest', '@nestjs/common'),
    rule: BOUNDARIES,
  },
  {
    what: 'Redis stays in the lease store',
    file: 'libs/livy/src/pool/probe-redis.ts',
    code: use('redis', 'ioredis'),
    rule: 'no-restricted-imports',
  },
  {
    what: 'the lease store may use Redis',
    file: 'libs/livy/src/redis/probe-redis.ts',
    code: use('redis', 'ioredis'),
    rule: null,
  },
  {
    what: 'the engine may use the Livy library',
    file: 'libs/engine/src/probe-livy.ts',
    code: use('livy', '@analytica/livy'),
    rule: null,
  },
  {
    what: 'domain must not import the Livy library',
    file: 'libs/domain/src/probe-livy.ts',
    code: use('livy', '@analytica/livy'),
    rule: BOUNDARIES,
  },
  {
    what: 'what is imported is declared in the package.json beside it',
    file: 'libs/lake/src/probe-undeclared.ts',
    code: use('pino', 'pino'),
    rule: UNDECLARED,
  },
  {
    what: 'what ships needs no devDependency',
    file: 'libs/domain/src/probe-dev.ts',
    code: use('check', 'fast-check'),
    rule: UNDECLARED,
  },
  {
    what: 'a test may use a devDependency',
    file: 'libs/domain/src/probe-dev.spec.ts',
    code: use('check', 'fast-check'),
    rule: null,
  },
  {
    what: 'a library of ours is declared, too',
    file: 'apps/web/src/app/probe-undeclared.ts',
    code: use('lake', '@analytica/lake'),
    rule: UNDECLARED,
  },
  {
    what: 'an untagged project may import nothing',
    file: 'libs/untagged/src/index.ts',
    code: use('domain', '@analytica/domain'),
    rule: BOUNDARIES,
    also: {
      'libs/untagged/package.json':
        '{ "name": "@analytica/untagged", "version": "0.0.0", "type": "module", "dependencies": { "@analytica/domain": "*" } }',
      'libs/untagged/tsconfig.json': '{ "extends": "../../tsconfig.base.json", "include": ["src/**/*.ts"] }',
    },
  },
];

let copy: string;
let messages: Map<string, readonly string[]>;

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'import-rules-'));
  const tracked = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  for (const file of tracked.split('\0')) if (file !== '') cpSync(join(ROOT, file), join(copy, file), { force: true });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  for (const probe of PROBES) {
    for (const [file, code] of Object.entries({ [probe.file]: probe.code, ...probe.also })) {
      mkdirSync(dirname(join(copy, file)), { recursive: true });
      writeFileSync(join(copy, file), code);
    }
  }
  const run = (args: readonly string[]) =>
    spawnSync('npx', args, { cwd: copy, encoding: 'utf8', env: { ...process.env, NX_DAEMON: 'false' } });
  run(['nx', 'show', 'projects']); // the boundary rule reads the project graph that this leaves behind
  const output = join(copy, 'report.json');
  const lint = run(['eslint', '--format', 'json', '--output-file', output, ...PROBES.map((probe) => probe.file)]);
  if (lint.status === 2) throw new Error(lint.stderr);
  const report = JSON.parse(readFileSync(output, 'utf8')) as {
    filePath: string;
    messages: { ruleId: string | null; message: string }[];
  }[];
  messages = new Map(
    report.map((entry) => [entry.filePath, entry.messages.map((m) => `${m.ruleId ?? 'error'}: ${m.message}`)]),
  );
});

afterAll(() => rmSync(copy, { recursive: true, force: true }));

it.each(PROBES)('$what', ({ file, rule }) => {
  const found = messages.get(join(copy, file)) ?? ['not linted'];
  console.log(`${file}\n  ${found.join('\n  ') || 'nothing to complain of'}`);
  if (rule === null) expect(found).toEqual([]);
  else expect(found.some((message) => message.startsWith(`${rule}: `))).toBe(true);
});
