import { contract, contractOnStandIn, MANNERS, standInTests } from './test/livy.ts';
import { summarise, type Outcome } from './test/outcome.ts';

// `npm run test:livy`: the contract suite of libs/livy on the server at LIVY_URL, else on the stand-in in either manners.
const USAGE = `npm run test:livy -- [--manners 0.8|0.9] [options of Vitest]
LIVY_URL names a server; without it the stand-in is started and tested.`;

async function run(argv: readonly string[]): Promise<Outcome[]> {
  const at = argv.indexOf('--manners');
  const asked = at < 0 ? undefined : argv[at + 1];
  const rest = at < 0 ? argv : argv.toSpliced(at, 2);
  const url = process.env['LIVY_URL'];
  if (url !== undefined && url !== '') return [{ name: 'server', ...(await contract('server', url, rest)) }];
  const manners = MANNERS.filter((each) => asked === undefined || each === asked);
  if (manners.length === 0) throw new Error(USAGE);
  const outcomes: Outcome[] = [{ name: 'stand-in itself', ...(await standInTests()) }];
  for (const each of manners) outcomes.push({ name: `stand-in, ${each}`, ...(await contractOnStandIn(each, rest)) });
  return outcomes;
}

const argv = process.argv.slice(2);
if (argv.includes('--help')) console.log(USAGE);
else {
  try {
    process.exitCode = summarise(await run(argv));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
