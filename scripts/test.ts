import { inspect, parseArgs } from 'node:util';
import { failedStep, summarise, type Outcome } from './test/outcome.ts';
import { inOnePiece, say } from './test/run-step.ts';
import { type Suite, SUITES } from './test/suites.ts';

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
  // Most suites run what is built, in a fresh checkout too. Where nothing changed, building takes seconds.
  const [first, ...chosen] = SUITES.filter(({ name }) => name === 'build' || names.includes(name));
  const outcomes = first === undefined ? [] : [await run(first)];
  const isApart = ({ isApart: apart = false }: Suite): boolean => apart && chosen.length > 1;
  const apart = inOnePiece(() => runAll(chosen.filter(isApart)));
  outcomes.push(...(await runAll(chosen.filter((suite) => !isApart(suite)))), ...(await apart));
  process.exitCode = summarise(outcomes);
}

async function runAll(suites: readonly Suite[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const suite of suites) outcomes.push(await run(suite));
  return outcomes;
}

async function run(suite: Suite): Promise<Outcome> {
  const started = Date.now();
  say(`\n=== ${suite.name}: ${suite.help}`);
  let outcome: Outcome;
  try {
    outcome = { name: suite.name, ...(await suite.run()) };
  } catch (error) {
    say(inspect(error));
    outcome = { name: suite.name, ...failedStep('not run', error instanceof Error ? error.message : String(error)) };
  }
  const seconds = Math.round((Date.now() - started) / 1000);
  say(`=== ${suite.name}: ${outcome.passed} passed, ${outcome.failed} failed, ${seconds} s`);
  return outcome;
}
