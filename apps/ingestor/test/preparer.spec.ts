import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

it('gives the same rows from buffers that are used again, as many batches as are under way', () => {
  const trial = join(import.meta.dirname, 'support/preparer-trial.ts');
  const said = execFileSync(process.execPath, [trial], { encoding: 'utf8' });
  expect(JSON.parse(said)).toEqual({ rowsCompared: 11_870 });
});
