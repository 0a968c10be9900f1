import { describe, expect, it } from 'vitest';
import { cellLength, HOUR_MS, MINUTE_MS, POST_ORDERS } from '@analytica/domain';
import type { AnalysisProgress } from '@analytica/domain';
import { byArrivalHour, fixturePost, START } from './fixture.js';
import { allPages, answerOf, NEVER, question, Recorder } from './harness.js';
import { Dice, randomLake } from './random-lake.js';
import { referenceAnswer } from './reference.js';
import type { Subject } from './subject.js';

/** A post each second minute of a day. */
function day() {
  const dice = new Dice(7);
  return byArrivalHour(
    Array.from({ length: 720 }, (_, index) =>
      fixturePost({
        id: String(index),
        at: START + index * 120_000,
        author: `a${String(dice.below(30))}`,
        tokens: ['cat', `w${String(dice.below(40))}`],
        ...(dice.chance(0.3) && index > 0 ? { retweetOf: String(dice.below(index)), retweetOfAt: null } : {}),
      }),
    ),
  );
}

export function runCases(subject: Subject): void {
  describe('a run', () => {
    it('reports progress to the end, newest partitions first, and at least one partial result', async () => {
      const rows = day();
      const spec = question('cat');
      const recorder = new Recorder();
      const result = await subject.engine.run(spec, await subject.prepareLake(rows), recorder, NEVER);
      const last = recorder.progresses.at(-1);
      expect(last).toMatchObject({ partitionsDone: 24, partitionsTotal: 24, matchedPosts: 720 });
      const done = recorder.progresses.map(({ partitionsDone }) => partitionsDone);
      expect(done).toEqual(done.toSorted((a, b) => a - b));
      const reads = recorder.progresses.flatMap(({ readFrom }) => readFrom ?? []);
      expect(reads).toEqual(reads.toSorted((a, b) => b - a));
      expect(recorder.partials.length).toBeGreaterThan(0);
      expect(answerOf(result)).toEqual(answerOf(referenceAnswer(rows, spec)));
    });

    it('gives partial results that are whole answers over the partitions read', async () => {
      const rows = day();
      const spec = question('cat', { interval: { from: START, to: START + 24 * HOUR_MS } });
      const recorder = new Recorder();
      await subject.engine.run(spec, await subject.prepareLake(rows), recorder, NEVER);
      for (const { after, result } of recorder.partials) {
        const read = readFiles(rows.files, after);
        const expected = referenceAnswer(rows, spec, read);
        expect(result.complete).toBe(false);
        expect(result.scannedPosts).toBe(read.reduce((sum, file) => sum + file.length, 0));
        expect(answerOf(result)).toEqual(
          answerOf({
            ...expected,
            newest: expected.newest.slice(0, result.newest.length),
            mostRetweeted: expected.mostRetweeted.slice(0, result.mostRetweeted.length),
          }),
        );
        expect(result.newest.length).toBeGreaterThanOrEqual(Math.min(30, expected.counts.posts));
        expect(cellLength(spec.interval)).toBe(15 * MINUTE_MS);
      }
    });

    it('stops at once when it is cancelled, and answers the next question', async () => {
      const rows = day();
      const snapshot = await subject.prepareLake(rows);
      const spec = question('cat');
      await expect(subject.engine.run(spec, snapshot, new Recorder(), AbortSignal.abort())).rejects.toMatchObject({
        code: 'CANCELLED',
      });
      const controller = new AbortController();
      const recorder = new Recorder();
      const start = performance.now();
      const run = subject.engine.run(
        spec,
        snapshot,
        {
          progress: (progress) => {
            controller.abort();
            return recorder.progress(progress);
          },
          partial: (result) => recorder.partial(result),
        },
        controller.signal,
      );
      await expect(run).rejects.toMatchObject({ code: 'CANCELLED' });
      expect(performance.now() - start, '2 s and what a slow machine adds').toBeLessThan(10_000);
      expect(recorder.partials).toEqual([]);
      const result = await subject.engine.run(spec, snapshot, new Recorder(), NEVER);
      expect(result.counts.posts).toBe(720);
    });

    it('answers several questions at the same time', async () => {
      const rows = randomLake(new Dice(11), 120);
      const snapshot = await subject.prepareLake(rows);
      const specs = ['cat', 'dog', 'cat OR dog', '#cat'].map((topic) => question(topic));
      const results = await Promise.all(specs.map((spec) => subject.engine.run(spec, snapshot, new Recorder(), NEVER)));
      for (const [index, spec] of specs.entries()) {
        const result = results[index];
        expect(result && answerOf(result)).toEqual(answerOf(referenceAnswer(rows, spec)));
      }
    });

    it('gives an error that names the file when one is missing', async () => {
      const snapshot = await subject.prepareLake(day());
      const [first, ...others] = snapshot.manifest.files;
      if (first === undefined) throw new Error('The fixture has no file.');
      const path = '2026/03/02/00/posts-nowhere.parquet';
      const broken = { ...snapshot, manifest: { ...snapshot.manifest, files: [{ ...first, path }, ...others] } };
      const run = subject.engine.run(question('cat'), broken, new Recorder(), NEVER);
      await expect(run).rejects.toMatchObject({ code: 'ENGINE_FAILED' });
      const message = await run.then(
        () => '',
        (error: unknown) => String(error),
      );
      expect(message).toContain(path);
      expect(message).not.toContain(snapshot.root);
    });
  });

  describe('pages', () => {
    it('are disjoint and complete in both orders', async () => {
      const rows = randomLake(new Dice(5), 150);
      const snapshot = await subject.prepareLake(rows);
      const spec = question('cat OR dog');
      const expected = referenceAnswer(rows, spec);
      const newest = await allPages(subject.engine, snapshot, spec, 'newest', 7);
      expect(newest.total).toBe(expected.counts.posts);
      expect(newest.posts).toEqual(expected.allNewest);
      const retweeted = await allPages(subject.engine, snapshot, spec, 'most-retweeted', 3);
      expect(retweeted.total).toBe(expected.allRetweeted.length);
      expect(retweeted.retweeted).toEqual(expected.allRetweeted);
      expect(retweeted.posts).toEqual(expected.allRetweeted.map(({ post }) => post));
    });

    it('beyond the end are empty and still tell the total', async () => {
      const snapshot = await subject.prepareLake(day());
      for (const order of POST_ORDERS) {
        const request = { order, offset: 0, limit: 5 };
        const first = await subject.engine.posts(question('cat'), snapshot, request, NEVER);
        const beyond = await subject.engine.posts(question('cat'), snapshot, { ...request, offset: 9_000 }, NEVER);
        expect(beyond).toEqual({ posts: [], retweeted: [], total: first.total });
      }
    });
  });
}

/** The files of the partitions that a progress report says are read; each file is an hour. */
function readFiles<T>(files: readonly (readonly T[])[], after: AnalysisProgress | undefined): (readonly T[])[] {
  return files.slice(files.length - (after?.partitionsDone ?? 0));
}
