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
  if (url !== undefined && url !== '') {
    const name = await nameOf(url);
    return [{ name, ...(await contract(name, url, rest)) }];
  }
  const manners = MANNERS.filter((each) => asked === undefined || each === asked);
  if (manners.length === 0) throw new Error(USAGE);
  const outcomes: Outcome[] = [{ name: 'stand-in itself', ...(await standInTests()) }];
  for (const each of manners) outcomes.push({ name: `stand-in, ${each}`, ...(await contractOnStandIn(each, rest)) });
  return outcomes;
}

/** What answers there: `livy-0.9.0-incubating`. */
async function nameOf(url: string): Promise<string> {
  const reply = await fetch(`${url}/version`, { signal: AbortSignal.timeout(10_000) }).catch((error: unknown) => {
    throw new Error(`No Livy answers at ${url}: ${error instanceof Error ? error.message : String(error)}.`);
  });
  const { version, branch } = (await reply.json()) as { version?: string; branch?: string };
  return `${branch === 'stand-in' ? branch : 'livy'}-${version ?? 'unknown'}`.replaceAll(/[^\w.-]/g, '-');
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
