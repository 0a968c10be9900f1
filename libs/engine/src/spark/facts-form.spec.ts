import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pythonFactsForm } from '@analytica/lake/testing';
import { expect, it } from 'vitest';

const library = createRequire(import.meta.url).resolve('@analytica/spark-templates');
const MODULE = join(dirname(library), '../templates/analytica_spark/facts_form.py');

/** With another form Spark would read the columns of every file. With UPDATE_GOLDEN=1 the test writes the module anew. */
it('Python has the form of facts that the lake writes', async () => {
  if (process.env['UPDATE_GOLDEN'] !== undefined) await writeFile(MODULE, pythonFactsForm());
  expect(await readFile(MODULE, 'utf8')).toBe(pythonFactsForm());
});
