import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { AnalysisResult } from '@analytica/domain';
import type { Snapshot } from '@analytica/lake';
import { afterAll, describe, expect, it } from 'vitest';
import type { AnalysisEngine } from './analysis-engine.js';
import { byArrivalHour, fixtureAuthorEvent, fixturePost, fixtureTombstone, START } from './conformance/fixture.js';
import { NEVER, question, Recorder } from './conformance/harness.js';
import { LocalFixtureLakes } from './conformance/local-fixture-lake.js';
import { referenceAnswer } from './conformance/reference.js';
import { tolerateDamage } from './damage-tolerant-engine.js';
import { tellWithheld } from './withheld-engine.js';

const SPEC = question('cat');
const POSTS = [fixturePost({ id: '1', at: START, author: 'ann' })];
const WITHHELD = fixtureAuthorEvent('x', 'ann', {
  at: START + 1,
  hidden: false,
  reason: 'withheld',
  countries: ['DE'],
});
const OTHERS = [fixtureAuthorEvent('x', 'bob', { at: START + 1 }), fixtureTombstone('x', '9')];

const RESULT: AnalysisResult = {
  ...referenceAnswer(byArrivalHour(POSTS), SPEC),
  complete: true,
  scannedPosts: 1,
  missingHours: [],
};

/** Gives the same result as a partial one and as the last one. */
const engine: AnalysisEngine = {
  name: 'embedded',
  run: async (_spec, _snapshot, sink) => {
    await sink.partial({ ...RESULT, complete: false });
    return RESULT;
  },
  posts: () => Promise.resolve({ posts: RESULT.newest, retweeted: [], total: 1 }),
  close: () => Promise.resolve(),
};

const lakes = new LocalFixtureLakes('engine-withheld-');
afterAll(() => lakes.remove());

const deletesOf = ({ root, manifest }: Snapshot): string => join(root, manifest.tombstones[0]?.path ?? '');

describe('an engine that tells where posts are withheld', () => {
  it('tells it in partial results too', async () => {
    const snapshot = await lakes.prepare(byArrivalHour(POSTS, [WITHHELD, ...OTHERS]));
    const recorder = new Recorder();
    const result = await tellWithheld(engine).run(SPEC, snapshot, recorder, NEVER);
    const told = [result, ...recorder.partials.map((partial) => partial.result)];
    expect(told.map(({ newest }) => newest.map((post) => post.withheld_in))).toEqual([[['DE']], [['DE']]]);
  });

  it('reads nothing, and changes nothing, where no event of the snapshot says so', async () => {
    const snapshot = await lakes.prepare(byArrivalHour(POSTS, OTHERS));
    expect(snapshot.manifest.tombstones.map(({ events }) => events)).toEqual([1]);
    await rm(deletesOf(snapshot));
    const telling = tellWithheld(engine);
    expect(await telling.run(SPEC, snapshot, new Recorder(), NEVER)).toBe(RESULT);
    const page = await telling.posts(SPEC, snapshot, { order: 'newest', offset: 0, limit: 1 }, NEVER);
    expect(page.posts).toBe(RESULT.newest);
  });

  it('names a file that it cannot read, so that it is left out', async () => {
    const snapshot = await lakes.prepare(byArrivalHour(POSTS, [WITHHELD]));
    await rm(deletesOf(snapshot));
    const telling = tellWithheld(engine);
    await expect(telling.run(SPEC, snapshot, new Recorder(), NEVER)).rejects.toMatchObject({
      code: 'ENGINE_FAILED',
      details: { file: snapshot.manifest.tombstones[0]?.path },
    });
    const result = await tolerateDamage(telling).run(SPEC, snapshot, new Recorder(), NEVER);
    expect(result.newest.map((post) => post.withheld_in)).toEqual([undefined]);
  });
});
