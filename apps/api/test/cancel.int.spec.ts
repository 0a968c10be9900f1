import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { AnalysisEngine } from '@analytica/engine';
import { startWorker } from '../src/worker/start-worker.js';
import { createLog } from '../src/log.js';
import { makeLake, removeLake } from './fixture-lake.js';
import { heldEngine, Stack, testEnv, until } from './stack.js';

const STATE = `query ($id: ID!) { analysis(id: $id) { status queuePosition finishedAt
  progress { partitionsDone partitionsTotal } result { complete posts } } }`;
const CANCEL = `mutation ($id: ID!) { cancelAnalysis(id: $id) { analysis { status } userErrors { code } } }`;

let dataDir: string;
let stack: Stack;

beforeAll(async () => {
  dataDir = await makeLake({ hours: 24, perHour: 3_000 });
});

afterAll(async () => {
  await removeLake(dataDir);
});

afterEach(async () => {
  await stack.close();
});

const NEVER = new Promise<undefined>(() => undefined);
/** 2 s and what a machine with much else to do takes. Nothing but being cancelled ends a run that is held. */
const SOON_MS = 10_000;

/** A worker on the real engine, held until the gate opens, that tells when a run on it ended, and how. */
async function watchedWorker(
  at: 'start' | 'partial',
  gate = NEVER,
): Promise<{ readonly ends: { at: number; code: string }[] }> {
  const engine = await heldEngine(stack.config, gate, at);
  const ends: { at: number; code: string }[] = [];
  const watched: AnalysisEngine = {
    name: engine.name,
    run: (...args) =>
      engine.run(...args).then(
        (result) => {
          ends.push({ at: Date.now(), code: 'ok' });
          return result;
        },
        (error: unknown) => {
          ends.push({ at: Date.now(), code: String((error as { code?: unknown }).code) });
          throw error;
        },
      ),
    posts: (...args) => engine.posts(...args),
    close: () => engine.close(),
  };
  stack.workers.push(await startWorker(stack.config, createLog('worker', 'silent'), { embedded: watched }));
  return { ends };
}

describe('cancelAnalysis', () => {
  it("stops the engine's work and keeps the last partial result", async () => {
    stack = await Stack.start(testEnv(dataDir), { worker: false });
    const { ends } = await watchedWorker('partial');
    const id = await stack.begin('cat');
    await stack.events(id, 0, ({ analysis }) => analysis.result !== null);
    const askedAt = Date.now();
    const watching = stack.events(id);
    expect((await stack.ask(CANCEL, { id })).data('cancelAnalysis')).toEqual({
      analysis: { status: 'CANCELLED' },
      userErrors: [],
    });
    await until('the engine stopped', () => ends.length === 1);
    expect(ends[0]?.code).toBe('CANCELLED');
    expect((ends[0]?.at ?? Infinity) - askedAt).toBeLessThan(SOON_MS);
    expect((await watching).at(-1)?.analysis.status).toBe('CANCELLED');
    const { data } = await stack.ask(STATE, { id });
    expect(data('analysis')).toMatchObject({ status: 'CANCELLED', result: { complete: false } });
    expect(data('analysis.progress.partitionsDone')).toBeGreaterThan(0);
    expect(data('analysis.progress.partitionsDone')).toBeLessThan(24);
    expect(data('analysis.result.posts')).toBeGreaterThan(0);
    // Once more changes nothing, and asking again starts anew.
    expect((await stack.ask(CANCEL, { id })).data('cancelAnalysis.analysis.status')).toBe('CANCELLED');
    expect(['QUEUED', 'RUNNING']).toContain(await stack.status(await stack.begin('cat')));
    expect(await stack.status(id)).toBe('CANCELLED');
  });

  it('stops the engine though the message is lost: the run asks whether it is wanted', async () => {
    stack = await Stack.start(testEnv(dataDir), { worker: false });
    const { ends } = await watchedWorker('start');
    const engineWorker = stack.workers[0]?.engineWorkers[0];
    if (engineWorker === undefined) throw new Error('no worker');
    engineWorker.cancel = () => undefined; // the message never arrives
    const id = await stack.begin('cat');
    await stack.events(id, 0, ({ analysis }) => analysis.status === 'RUNNING');
    const askedAt = Date.now();
    await stack.ask(CANCEL, { id });
    await until('the engine stopped', () => ends.length === 1);
    expect((ends[0]?.at ?? Infinity) - askedAt).toBeLessThan(SOON_MS);
  });

  it('detaches one client and runs on for the other', async () => {
    stack = await Stack.start(testEnv(dataDir), { worker: false });
    const gate = Promise.withResolvers<undefined>();
    await watchedWorker('partial', gate.promise);
    const [a, b] = await Promise.all([stack.begin('cat'), stack.begin('cat')]);
    const followA = stack.events(a);
    const followB = stack.events(b);
    await stack.events(a, 0, ({ analysis }) => analysis.result !== null);
    await stack.ask(CANCEL, { id: a });
    expect((await followA).at(-1)?.analysis.status).toBe('CANCELLED');
    gate.resolve(undefined);
    const eventsB = await followB;
    expect(eventsB.at(-1)?.analysis).toMatchObject({ status: 'SUCCEEDED', result: { complete: true } });
    expect(eventsB.some(({ analysis }) => analysis.status === 'CANCELLED')).toBe(false);
    expect(eventsB.map(({ seq }) => seq)).toEqual(eventsB.map((_, i) => i + 1));
    const { data } = await stack.ask(STATE, { id: a });
    expect(data('analysis')).toMatchObject({ status: 'CANCELLED', result: { complete: false } });
    // The cancelled one ends at its own last event, also for who comes late.
    expect((await stack.events(a)).at(-1)?.analysis.status).toBe('CANCELLED');
  });

  it('takes a waiting question out of the queue', async () => {
    stack = await Stack.start(testEnv(dataDir), { worker: false });
    const first = await stack.begin('cat');
    const second = await stack.begin('sat');
    const position = async (id: string): Promise<unknown> =>
      (await stack.ask(STATE, { id })).data('analysis.queuePosition');
    expect([await position(first), await position(second)]).toEqual([0, 1]);
    await stack.ask(CANCEL, { id: first });
    expect([await position(first), await position(second)]).toEqual([null, 0]);
    await stack.addWorker();
    await until('the second ran', async () => (await stack.status(second)) === 'SUCCEEDED');
    const { data } = await stack.ask(STATE, { id: first });
    expect(data('analysis')).toMatchObject({ status: 'CANCELLED', result: null, progress: null });
  });

  it('leaves a finished analysis as it is', async () => {
    stack = await Stack.start(testEnv(dataDir));
    const id = await stack.begin('cat');
    await stack.events(id);
    expect((await stack.ask(CANCEL, { id })).data('cancelAnalysis.analysis.status')).toBe('SUCCEEDED');
  });
});
