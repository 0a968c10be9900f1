import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { FACTS_COLUMN, FACTS_FIELDS, WORDS_ARE_IN_TERMS } from '@analytica/lake';
import { describe, expect, it } from 'vitest';

const library = createRequire(import.meta.url).resolve('@analytica/spark-templates');
const records = readFileSync(join(dirname(library), '../templates/analytica_spark/records.py'), 'utf8');

describe('the PySpark reader of facts', () => {
  it('knows the form that the lake writes: with another one Spark would read the columns of every file', () => {
    expect(records).toContain(`FACTS = '${FACTS_COLUMN.name}'`);
    expect(/FIELDS = \(([^)]*)\)/.exec(records)?.[1]?.match(/\w+/g)).toEqual(FACTS_FIELDS);
    expect(records).toContain(`IN_TERMS = '\\x1f', '\\x1e', '${WORDS_ARE_IN_TERMS}'`);
  });
});
