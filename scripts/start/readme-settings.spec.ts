import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SourceDeclaration } from '../../apps/ingestor/src/sources/source-declaration.ts';
import { apiVariables } from '../../apps/api/src/config.ts';
import { DEFAULT_FLUSH_SECONDS, ingestorVariables } from '../../apps/ingestor/src/variables.ts';
import { readmeSettings } from './readme-settings.ts';
import { ROOT } from './root.ts';
import { SETTINGS, SOURCE_DECLARATIONS } from './settings.ts';

type Schema = SourceDeclaration['settings']['shape'][string];

/** The variables of each process, from the schemas by which it reads them. */
const PROCESSES: Readonly<Record<string, Readonly<Record<string, Schema>>>> = {
  'API and worker': apiVariables.shape,
  ingestor: Object.fromEntries(
    [ingestorVariables, ...SOURCE_DECLARATIONS.map(({ settings }) => settings)].flatMap(({ shape }) =>
      Object.entries<Schema>(shape),
    ),
  ),
};
/** Each source says how soon its posts can be found; this holds where none does. */
const COMPUTED = new Map([['LAKE_FLUSH_SECONDS', String(DEFAULT_FLUSH_SECONDS)]]);
/** A process that is run by itself expects what the start would give it. */
const DECIDED_BY_THE_START = new Set(['LAKE', 'REDIS_URL', 'REDIS_PREFIX']);

const documented = readmeSettings(readFileSync(join(ROOT, 'README.md'), 'utf8'));
const schemasOf = (name: string): readonly Schema[] =>
  Object.values(PROCESSES).flatMap((variables) => (variables[name] === undefined ? [] : [variables[name]]));
const defaultOf = (schema: Schema): unknown => schema.safeParse(undefined).data;

describe("the README's tables of settings", () => {
  it('name every setting once', () => {
    const names = [
      ...SETTINGS.map(({ name }) => name),
      ...Object.values(PROCESSES).flatMap((each) => Object.keys(each)),
    ];
    expect(documented.map(({ name }) => name).sort()).toEqual([...new Set(names)].sort());
  });

  it.each(documented)('give the default of $name', ({ name, fallback }) => {
    const start = SETTINGS.find((setting) => setting.name === name)?.fallback ?? '';
    if (COMPUTED.has(name)) expect(fallback).toBe(COMPUTED.get(name));
    else if (start !== '') expect(fallback).toBe(start);
    else if (!DECIDED_BY_THE_START.has(name)) {
      for (const schema of schemasOf(name)) {
        if (fallback === null) expect([undefined, '']).toContain(defaultOf(schema));
        else expect(schema.safeParse(fallback).data).toEqual(defaultOf(schema));
      }
    }
  });
});

describe('the defaults of the processes', () => {
  it.each(SETTINGS.filter(({ name, fallback }) => fallback !== '' && schemasOf(name).length > 0))(
    'are those of the start: $name',
    ({ name, fallback }) => {
      const plain = (value: unknown): unknown => (name === 'DATA_DIR' ? String(value).replace(/^\.\//, '') : value);
      for (const schema of schemasOf(name)) {
        expect(plain(defaultOf(schema))).toEqual(plain(schema.safeParse(fallback).data));
      }
    },
  );
});

describe('readmeSettings', () => {
  it('reads rows of several names, and no other table', () => {
    const table = [
      '| setting | default |',
      '| --- | --- |',
      '| `A`, `B` | `1`, `2` |',
      '| `C` | – |',
      '',
      '| `D` | `1` |',
    ];
    expect(readmeSettings(table.join('\n'))).toEqual([
      { name: 'A', fallback: '1' },
      { name: 'B', fallback: '2' },
      { name: 'C', fallback: null },
    ]);
  });
});
