import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { MINUTE_MS, SECOND_MS } from '@analytica/domain';
import type { Accounting, Gap, GapCause } from '@analytica/domain/contracts';
import { readManifest } from '@analytica/lake';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { GeneratedEvents } from '../doubles/jetstream-events.js';
import { JetstreamDouble } from '../doubles/jetstream.js';
import type { Scene, Step } from '../doubles/x-api-stream.js';
import { startXApi } from '../doubles/x-api.js';
import { bundleIngestor, removeBundle, startIngestor } from '../support/ingestor-process.js';
import { random } from '../support/lines.js';
import { readLake } from '../support/read-lake.js';

// Two live sources at once, with a fault every few seconds: every post is counted once, and gaps are what X did not give.
const SECONDS = Number(process.env['SOAK_SECONDS'] ?? 40);
const FAULT_MS = Number(process.env['SOAK_FAULT_SECONDS'] ?? 5) * SECOND_MS;
const SEED = Number(process.env['LONG_SEED'] ?? 1);
/** Posts a second of each source. */
const PER_SECOND = Number(process.env['SOAK_PER_SECOND'] ?? 500);
const TICK_MS = 20;

let entry: string;
let scratch: string;
beforeAll(async () => {
  entry = await bundleIngestor();
  scratch = await mkdtemp(join(tmpdir(), 'soak-'));
});
afterAll(async () => {
  await rm(scratch, { recursive: true, force: true });
  await removeBundle();
});

/** How X's stream breaks, what the next requests get, and what the gap is called. */
interface XFault {
  readonly end: Step;
  readonly refusals: readonly Scene[];
  readonly cause: GapCause;
}
const X_FAULTS: readonly XFault[] = [
  { end: { disconnect: 'in-band' }, refusals: [], cause: 'PLATFORM_DISCONNECTED' },
  { end: { disconnect: 'reset' }, refusals: [], cause: 'DISCONNECTED' },
  { end: { disconnect: 'end' }, refusals: [{ refuse: 'reset' }, { refuse: 'reset' }], cause: 'DISCONNECTED' },
];

/** One connection after the other, each as long as from one fault to the next. */
function xScript(faults: number, next: () => number): { script: Scene[]; causes: GapCause[] } {
  const script: Scene[] = [];
  const causes: GapCause[] = [];
  for (let fault = 0; fault < faults; fault += 1) {
    const chosen = X_FAULTS[Math.floor(next() * X_FAULTS.length)];
    if (chosen === undefined) throw new Error('There is no such fault.');
    const { end, refusals, cause } = chosen;
    script.push({ steps: [{ serveMs: FAULT_MS, perSecond: PER_SECOND }, end] }, ...refusals);
    causes.push(cause);
  }
  return { script, causes };
}

function breakJetstream(double: JetstreamDouble, fault: number): void {
  switch (fault) {
    case 0:
      double.drop();
      break;
    case 1:
      double.disconnect(1001);
      break;
    case 2:
      double.refuse({ status: 503 });
      double.drop();
      break;
    default:
      double.sendRaw(Buffer.from('{"did":"did:plc:'));
  }
}

function sumOf({ received: _, ...outcomes }: Accounting): number {
  return Object.values(outcomes).reduce((sum, records) => sum + records, 0);
}

it(`captures ${String(SECONDS)} s with a fault every ${String(FAULT_MS / SECOND_MS)} s (seed ${String(SEED)})`, async () => {
  const next = random(SEED);
  const faults = Math.max(1, Math.floor((SECONDS * SECOND_MS) / FAULT_MS) - 1);
  const { script, causes } = xScript(faults, next);
  const x = await startXApi({ script, perSecond: PER_SECOND });
  const bluesky = await JetstreamDouble.start({ capacity: PER_SECOND * 120 });
  const events = new GeneratedEvents(SEED, 5000);
  const folder = join(scratch, 'data');
  const running = startIngestor(entry, {
    DATA_DIR: folder,
    INGEST_SOURCES: 'x-filtered,bluesky',
    X_API_URL: x.url,
    X_BEARER_TOKEN: x.token,
    BLUESKY_JETSTREAM_URL: bluesky.v1,
    BLUESKY_HANDLES: 'off',
    LAKE_FLUSH_SECONDS: '1',
  });
  await expect.poll(() => bluesky.connections).toBe(1);

  const began = performance.now();
  let published = 0;
  const created: string[] = [];
  const publish = (): void => {
    const event = events.next(Date.now() * 1000 + (published % 1000));
    const { did, content } = event;
    if (content.kind === 'commit' && content.operation === 'create') {
      created.push(`at://${did}/${content.collection}/${content.rkey}`);
    }
    bluesky.publish(event);
  };
  for (let broken = 0; performance.now() - began < SECONDS * SECOND_MS;) {
    const elapsed = performance.now() - began;
    for (; published < (elapsed * PER_SECOND) / SECOND_MS; published += 1) publish();
    // The first event after a fault closes its gap: some come after the last one.
    const isLate = elapsed > SECONDS * SECOND_MS - 2 * FAULT_MS;
    if (!isLate && elapsed > (broken + 1) * FAULT_MS + FAULT_MS / 2) {
      breakJetstream(bluesky, Math.floor(next() * 4));
      broken += 1;
    }
    await sleep(TICK_MS);
  }

  // What is on its way arrives; then nothing comes any more.
  const [lastPost = ''] = created.filter((id) => id.includes('/app.bsky.feed.post/')).slice(-1);
  await expect
    .poll(async () => (await readLake(join(folder, 'lake'), scratch)).posts.includes(lastPost), {
      timeout: 2 * MINUTE_MS,
      interval: 1000,
    })
    .toBe(true);
  running.child.kill('SIGTERM');
  expect(await running.ended).toBe(0);
  await Promise.all([x.close(), bluesky.close()]);

  const { accounting } = running.told.findLast(({ event }) => event === 'accounting') as unknown as {
    accounting: Accounting;
  };
  expect(accounting.received).toBe(sumOf(accounting));
  expect(accounting.pending).toBe(0);

  const { posts } = await readLake(join(folder, 'lake'), scratch);
  expect(new Set(posts).size).toBe(posts.length);
  expect(accounting.stored).toBe(posts.length);
  // Jetstream gives again what was missed: all of it is here. X does not: what was sent whole is.
  expect(posts.filter((id) => id.startsWith('at://')).toSorted()).toEqual(created.toSorted());

  const manifest = await readManifest(join(folder, 'lake'));
  const gaps: readonly Gap[] = (manifest?.coverage?.gaps ?? []).filter(({ cause }) => cause !== 'STOPPED');
  const ofX = gaps.filter(({ source }) => source === 'x-filtered');
  // X's schedule waits longer after each short connection: what counts is how many there were. The last one was not broken.
  const connections = script.slice(0, x.streamRequests.length).filter((scene) => 'steps' in scene).length;
  const broken = causes.slice(0, script.length < x.streamRequests.length ? connections : connections - 1);
  expect(broken.length).toBeGreaterThanOrEqual(3);
  expect(ofX.filter(({ status }) => status === 'CLOSED').map(({ cause }) => cause)).toEqual(broken);
  expect(gaps.filter(({ source, status }) => source === 'bluesky' && status !== 'REFILLED')).toEqual([]);
  console.log(
    JSON.stringify({ soak: SECONDS, faults, perSecond: 2 * PER_SECOND, published, gaps: ofX.length, ...accounting }),
  );
});
