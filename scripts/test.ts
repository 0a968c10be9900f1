import { parseArgs } from 'node:util';
import { SUITES } from './test/suites.ts';
import { failedStep, summarise, type Outcome } from './test/outcome.ts';

// `npm test` runs the default suites; `node scripts/test.ts NAME...` runs the named ones. A suite whose component cannot be
// had fails and says why: nothing is skipped in silence.
const { values, positionals } = parseArgs({ allowPositionals: true, options: { help: { type: 'boolean' } } });
const names =
  positionals.length > 0 ? positionals : SUITES.filter((suite) => suite.byDefault).map((suite) => suite.name);
const unknown = names.filter((name) => !SUITES.some((suite) => suite.name === name));

if (values.help === true || unknown.length > 0) {
  if (unknown.length > 0) console.error(`No such suite: ${unknown.join(', ')}`);
  console.log(
    [
      'npm test -- [suite...]',
      '',
      ...SUITES.map((s) => `  ${s.name.padEnd(14)} ${s.help}${s.byDefault ? '' : ' (by name only)'}`),
    ].join('\n'),
  );
  process.exitCode = unknown.length > 0 ? 2 : 0;
} else {
  const outcomes: Outcome[] = [];
  // Most suites run what is built, in a fresh checkout too. Where nothing changed, building takes seconds.
  const chosen = SUITES.filter(({ name }) => name === 'build' || names.includes(name));
  for (const suite of chosen) {
    const started = Date.now();
    console.log(`\n=== ${suite.name}: ${suite.help}`);
    let outcome: Outcome;
    try {
      outcome = { name: suite.name, ...(await suite.run()) };
    } catch (error) {
      console.error(error);
      outcome = { name: suite.name, ...failedStep('not run', error instanceof Error ? error.message : String(error)) };
    }
    console.log(
      `=== ${suite.name}: ${outcome.passed} passed, ${outcome.failed} failed, ${Math.round((Date.now() - started) / 1000)} s`,
    );
    outcomes.push(outcome);
  }
  process.exitCode = summarise(outcomes);
}
