import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureSpark, startStandIn } from '../../tools/livy/server.ts';
import { ROOT } from '../start/root.ts';
import { failedStep, PASSED_STEP, readReports, sum, type Counts } from './outcome.ts';
import { withRedis } from './redis.ts';
import { runStep } from './run-step.ts';

/** Versions of Livy whose manners the stand-in has. */
export const MANNERS = ['0.9', '0.8'] as const;
export type Manners = (typeof MANNERS)[number];

const CONFIG = 'libs/livy/vitest.contract.config.ts';
const COUNTS = join(ROOT, 'test-output/counts/livy');
// Livy looks for idle sessions every 60 s; on the stand-in nobody has to wait that long.
const STAND_IN = ['stand-in.sweep-interval=5s'];

/** The contract suite of libs/livy on the server at `url`; `args` go to Vitest. */
export async function contract(name: string, url: string, args: readonly string[] = []): Promise<Counts> {
  const folder = join(COUNTS, name);
  rmSync(folder, { recursive: true, force: true });
  console.log(`\n=== contract suite on ${name}, ${url}`);
  const began = Date.now();
  const report = `--outputFile.json=${join(folder, 'contract.json')}`;
  const command = ['vitest', 'run', '--config', CONFIG, '--reporter=default', '--reporter=json', report, ...args];
  const code = await withRedis(
    async (redis) => await runStep('npx', command, { env: { LIVY_URL: url, TEST_REDIS_URL: redis } }),
  );
  const counts = readReports(folder);
  const seconds = Math.round((Date.now() - began) / 1000);
  console.log(`=== contract suite on ${name}: ${counts.passed} passed, ${counts.failed} failed, ${seconds} s`);
  return code !== 0 && counts.failed === 0
    ? sum([counts, failedStep('vitest', `It ended with exit code ${code}.`)])
    : counts;
}

/** The contract suite on the stand-in, which is started for it. */
export async function contractOnStandIn(manners: Manners, args: readonly string[] = []): Promise<Counts> {
  const server = await startStandIn({
    manners,
    port: 0,
    conf: STAND_IN,
    orphans: false,
    isolated: false,
    say: (sentence) => console.error(sentence),
  });
  // It is in a process group of its own, which Ctrl-C does not reach.
  const stop = (): void => void server.stop().then(() => process.exit(130));
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    return await contract(`stand-in-${manners}`, server.url, args);
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
    await server.stop();
  }
}

/** The stand-in's own tests, by Python's unittest. */
export async function standInTests(): Promise<Counts> {
  console.log('\n=== tests of the stand-in itself');
  const args = ['-m', 'unittest', 'discover', '-q', '-s', 'tools/livy-stand-in'];
  const code = await runStep(ensureSpark(), args);
  return code === 0
    ? PASSED_STEP
    : failedStep('stand-in', `unittest ended with exit code ${code}; the log above says why.`);
}

/** What CI runs of Livy: without LIVY_URL, everything on the stand-in. */
export async function livySuite(): Promise<Counts> {
  const counts = [await standInTests()];
  for (const manners of MANNERS) counts.push(await contractOnStandIn(manners));
  return sum(counts);
}
