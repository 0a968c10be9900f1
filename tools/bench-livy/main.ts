import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { LivyClient } from '@analytica/livy';
import { benchLake, type BenchLake } from '../bench-analysis/lake.ts';
import { Unavailable } from '../livy/assemble.ts';
import type { Manners } from '../livy/pom.ts';
import { startReal, startStandIn, type RunningServer, type ServerOptions } from '../livy/server.ts';
import { inLines, median, timed } from './measure.ts';
import { Ours } from './ours.ts';
import { Prototype } from './prototype.ts';
import { ourSmallOnes, overhead, prototypeSmallOnes } from './small.ts';
import { topics } from './topics.ts';

// `npm run bench:livy`: the client that this product replaced against ours, on the same server and the same data.
const { values: flags } = parseArgs({
  options: {
    posts: { type: 'string', default: '1000000' },
    runs: { type: 'string', default: '5' },
    sessions: { type: 'string', default: '2' },
    manners: { type: 'string', default: '0.9' },
    small: { type: 'string', default: '400' },
    folder: { type: 'string', default: join(import.meta.dirname, '../../tmp/bench-analysis') },
    help: { type: 'boolean', default: false },
  },
});
const AT_ONCE = 8;
const SHARE = 0.01;
const OVERHEAD_STATEMENTS = 200;
const DRIVER_MEMORY = '2g';

const say = (text: string): void => {
  console.error(text);
};

async function withServer<T>(work: (url: string) => Promise<T>): Promise<T> {
  const given = process.env['LIVY_URL'];
  if (given) return await work(given);
  const options: ServerOptions = {
    manners: flags.manners as Manners,
    port: 0,
    conf: [`spark.driver.memory=${DRIVER_MEMORY}`],
    orphans: false,
    isolated: true,
    say,
  };
  const server: RunningServer = await startReal(options).catch(async (error: unknown) => {
    if (!(error instanceof Unavailable)) throw error;
    say(`${error.message} The stand-in takes its place.`);
    return await startStandIn(options);
  });
  const stop = (): void => void server.stop().then(() => process.exit(130));
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    return await work(server.url);
  } finally {
    await server.stop();
  }
}

interface Compared {
  readonly prototypeMs: number;
  readonly oursMs: number;
  readonly times: number;
}

const compared = (prototype: readonly number[], ours: readonly number[]): Compared => ({
  prototypeMs: Math.round(median(prototype)),
  oursMs: Math.round(median(ours)),
  times: Number((median(prototype) / median(ours)).toFixed(2)),
});

/** Alternating runs of both, alone and eight topics at once. */
async function analyses(prototype: Prototype, ours: Ours, asked: readonly string[], runs: number): Promise<unknown> {
  const [alone = ''] = asked;
  const found = { prototype: (await prototype.analyse(alone)).posts, ours: await ours.analyse(alone) };
  if (found.prototype !== found.ours) {
    throw new Error(`"${alone}": the prototype finds ${String(found.prototype)} posts, we find ${String(found.ours)}.`);
  }
  await inLines(asked.length, asked.length, async (n) => {
    await ours.analyse(asked[n] ?? '');
  });
  const single = { prototype: [] as number[], ours: [] as number[] };
  const many = { prototype: [] as number[], ours: [] as number[] };
  let failed = 0;
  const all = async (analyse: (topic: string) => Promise<unknown>): Promise<void> => {
    failed += await inLines(asked.length, asked.length, async (n) => {
      await analyse(asked[n] ?? '');
    });
  };
  for (let run = 0; run < runs; run++) {
    single.prototype.push(await timed(() => prototype.analyse(alone)));
    single.ours.push(await timed(() => ours.analyse(alone)));
    many.prototype.push(await timed(() => all((topic) => prototype.analyse(topic))));
    many.ours.push(await timed(() => all((topic) => ours.analyse(topic))));
    say(
      `  run ${String(run + 1)}: alone ${String(single.prototype.at(-1))} and ${String(single.ours.at(-1))} ms, ${String(asked.length)} at once ${String(many.prototype.at(-1))} and ${String(many.ours.at(-1))} ms`,
    );
  }
  return {
    posts: found.ours,
    alone: compared(single.prototype, single.ours),
    atOnce: { analyses: asked.length, failed, ...compared(many.prototype, many.ours) },
  };
}

async function bench(url: string, lake: BenchLake): Promise<void> {
  const client = new LivyClient({ url });
  const tag = `bench-${String(process.pid)}`;
  const runs = Math.max(1, Number(flags.runs));
  const small = Number(flags.small);
  const { version } = await client.version();
  const prototype = new Prototype(url, `${tag}-prototype`, `${lake.snapshot.root}/*/*/*/*/*.parquet`);
  const ours = await Ours.start(client, `${tag}-pool`, lake, Number(flags.sessions));
  try {
    await prototype.warm();
    const asked = await topics(lake, SHARE, AT_ONCE);
    say(`Livy ${version}: search, retweets, hashtags, words, mentions of "${asked.join('", "')}" ...`);
    const analysed = await analyses(prototype, ours, asked, runs);
    say('Small statements ...');
    const beside = await overhead(client, `${tag}-one`, OVERHEAD_STATEMENTS);
    const theirs = await prototypeSmallOnes(prototype, small, 1);
    const mine = await ourSmallOnes(client, `${tag}-small`, small, runs);
    const smallOnes = { statements: small, prototype: theirs, ours: mine };
    const { posts } = lake;
    console.log(
      JSON.stringify({
        bench: 'livy',
        livy: version,
        posts,
        runs,
        sessions: Number(flags.sessions),
        analysed,
        smallOnes,
        overhead: beside,
      }),
    );
  } finally {
    await ours.close();
    await prototype.close();
    client.close();
  }
}

if (flags.help || (flags.manners !== '0.8' && flags.manners !== '0.9')) {
  console.log(
    'npm run bench:livy -- [--posts 1000000] [--runs 5] [--sessions 2] [--small 400] [--manners 0.9] [--folder DIR]\nLIVY_URL names a server; without it a real one is started where it can be had, else the stand-in.',
  );
} else {
  await mkdir(flags.folder, { recursive: true });
  say(`Lake of ${Number(flags.posts).toLocaleString('en')} posts: generating, unless an earlier run kept it ...`);
  const lake = await benchLake(flags.folder, Number(flags.posts));
  await withServer(async (url) => await bench(url, lake));
}
