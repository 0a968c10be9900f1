import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureSpark, startStandIn } from '../tools/livy/server.ts';
import { ROOT } from './start/root.ts';
import { failedStep, PASSED_STEP, readReports, sum, summarise, type Outcome } from './test/outcome.ts';
import { runStep } from './test/run-step.ts';

// `npm run test:livy`: the contract suite of libs/livy on the server at LIVY_URL, else on the stand-in in either manners.
const CONFIG = 'libs/livy/vitest.contract.config.ts';
const COUNTS = join(ROOT, 'test-output/counts/livy');

async function contract(name: string, url: string): Promise<Outcome> {
  const folder = join(COUNTS, name);
  rmSync(folder, { recursive: true, force: true });
  console.log(`\n=== contract suite on ${name}, ${url}`);
  const report = `--outputFile.json=${join(folder, 'contract.json')}`;
  const args = ['vitest', 'run', '--config', CONFIG, '--reporter=default', '--reporter=json', report];
  const code = await runStep('npx', [...args, ...process.argv.slice(2)], { env: { LIVY_URL: url } });
  const counts = readReports(folder);
  const ended = code !== 0 && counts.failed === 0 ? failedStep('vitest', `It ended with exit code ${code}.`) : null;
  return { name, ...(ended === null ? counts : sum([counts, ended])) };
}

async function onStandIn(manners: '0.8' | '0.9'): Promise<Outcome> {
  const server = await startStandIn({
    manners,
    port: 0,
    conf: [],
    orphans: false,
    isolated: false,
    say: (sentence) => console.error(sentence),
  });
  try {
    return await contract(`stand-in-${manners}`, server.url);
  } finally {
    await server.stop();
  }
}

/** The stand-in's own tests, by Python's unittest. */
async function ownTests(): Promise<Outcome> {
  console.log('\n=== tests of the stand-in itself');
  const args = ['-m', 'unittest', 'discover', '-q', '-s', 'tools/livy-stand-in'];
  const code = await runStep(ensureSpark(), args);
  return {
    name: 'stand-in',
    ...(code === 0 ? PASSED_STEP : failedStep('unittest', `It ended with exit code ${code}; the log above says why.`)),
  };
}

async function main(): Promise<number> {
  if (!existsSync(join(ROOT, CONFIG))) {
    console.error(`There is no ${CONFIG}: nothing was tested.`);
    return 1;
  }
  const url = process.env['LIVY_URL'];
  const outcomes: Outcome[] = [];
  if (url !== undefined && url !== '') {
    outcomes.push(await contract('server', url));
  } else {
    outcomes.push(await ownTests());
    for (const manners of ['0.9', '0.8'] as const) outcomes.push(await onStandIn(manners));
  }
  return summarise(outcomes);
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
