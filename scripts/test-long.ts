import { parseArgs } from 'node:util';
import { LONG_TESTS, runLongTest } from './test/long.ts';
import { summarise, type Outcome } from './test/outcome.ts';

// `npm run test:long -- NAME...`: tests without an end of their own, as long as they are worth. CI runs a cut of each.
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { cut: { type: 'boolean', default: false }, seed: { type: 'string' }, help: { type: 'boolean' } },
});
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);
const unknown = positionals.filter((name) => !LONG_TESTS.some((test) => test.name === name));
const isAsked = values.help !== true && positionals.length > 0 && unknown.length === 0 && Number.isSafeInteger(seed);

if (isAsked) {
  const outcomes: Outcome[] = [];
  for (const test of LONG_TESTS.filter(({ name }) => positionals.includes(name))) {
    outcomes.push({ name: test.name, ...(await runLongTest(test, !values.cut, seed)) });
  }
  process.exitCode = summarise(outcomes);
} else {
  if (unknown.length > 0) console.error(`No such test: ${unknown.join(', ')}`);
  console.log(
    [
      'npm run test:long -- NAME... [--cut] [--seed N]',
      '',
      ...LONG_TESTS.map(({ name, help }) => `  ${name.padEnd(12)} ${help}`),
      '',
      '  --cut        as CI runs it, two minutes at most',
      '  --seed N     repeats a run; each run prints its own',
    ].join('\n'),
  );
  process.exitCode = values.help === true ? 0 : 2;
}
