import { HOUR_MS, type MissingHours, resultHashMaterial } from '@analytica/domain';
import type { Snapshot } from '@analytica/lake';
import { DAMAGE_CASES_FOR_ANY_READER, damageFile } from '@analytica/lake/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AnalysisEngine } from '../analysis-engine.js';
import { tolerateDamage } from '../damage-tolerant-engine.js';
import { byArrivalHour, fixturePost, START } from './fixture.js';
import { allPages, answerOf, NEVER, question, Recorder } from './harness.js';
import { LocalFixtureLakes } from './local-fixture-lake.js';
import { referenceAnswer } from './reference.js';

const HOURS = 10;
const EACH = 30;
const BAD = 4;

/** Posts of ten hours; every third is a retweet of the first post of all. */
function rowsOf(hours: readonly number[]) {
  return byArrivalHour(
    hours.flatMap((hour) =>
      Array.from({ length: EACH }, (_, index) =>
        fixturePost({
          id: `${String(hour)}-${String(index)}`,
          at: START + hour * HOUR_MS + index * 60_000,
          hashtags: [`hour${String(hour)}`],
          ...(index % 3 === 2 ? { retweetOf: '0-0', retweetOfAt: START } : {}),
        }),
      ),
    ),
  );
}

const ALL = Array.from({ length: HOURS }, (_, hour) => hour);
const OTHERS = ALL.filter((hour) => hour !== BAD);

/**
 * Declares the vitest cases that every engine on a local disk must pass when files of the lake cannot be read: the other hours are
 * answered as if there were no others, and the missing hour is named.
 */
export function damageCases(name: string, createEngine: () => Promise<AnalysisEngine>, timeout = 120_000): void {
  describe(`${name}, a damaged lake`, { timeout }, () => {
    const lakes = new LocalFixtureLakes('engine-damage-');
    let engine: AnalysisEngine;
    beforeAll(async () => {
      engine = tolerateDamage(await createEngine());
    }, timeout);
    afterAll(async () => {
      await engine.close();
      await lakes.remove();
    }, timeout);

    const fileOf = (snapshot: Snapshot, hour: number): string =>
      snapshot.manifest.files.find((file) => file.hour === START + hour * HOUR_MS)?.path ?? '';
    const missing = (reason: MissingHours['reason']): MissingHours[] => [
      { from: START + BAD * HOUR_MS, to: START + (BAD + 1) * HOUR_MS, reason },
    ];
    const spec = question('cat');

    it('has no missing hours where all is well', async () => {
      const snapshot = await lakes.prepare(rowsOf(ALL));
      const result = await engine.run(spec, snapshot, new Recorder(), NEVER);
      expect(result.missingHours).toEqual([]);
      expect(answerOf(result)).toEqual(answerOf(referenceAnswer(rowsOf(ALL), spec)));
    });

    it.each(DAMAGE_CASES_FOR_ANY_READER)(
      '%s: the other hours are answered, page by page',
      async (damage, condition) => {
        const snapshot = await lakes.prepare(rowsOf(ALL));
        await damageFile(snapshot.root, fileOf(snapshot, BAD), damage);
        const recorder = new Recorder();
        const result = await engine.run(spec, snapshot, recorder, NEVER);
        const reference = referenceAnswer(rowsOf(OTHERS), spec);
        expect(answerOf(result)).toEqual(answerOf(reference));
        expect(result.missingHours).toEqual(missing(condition === 'missing' ? 'FILE_MISSING' : 'FILE_DAMAGED'));
        for (const partial of recorder.partials) {
          const known = partial.result.missingHours.length;
          expect(known === 0 || known === 1).toBe(true);
        }
        const reached = recorder.progresses.map(({ partitionsDone }) => partitionsDone);
        expect(reached).toEqual(reached.toSorted((a, b) => a - b));
        const pages = await allPages(engine, snapshot, spec, 'newest', 100);
        expect(pages.total).toBe(OTHERS.length * EACH);
        expect(pages.posts).toEqual(result.newest);
        // Another interval has all that it asks for.
        const later = question('cat', { interval: { from: START + (BAD + 1) * HOUR_MS, to: START + HOURS * HOUR_MS } });
        const whole = await engine.run(later, snapshot, new Recorder(), NEVER);
        expect(whole.missingHours).toEqual([]);
        expect(whole.counts.posts).toBe((HOURS - BAD - 1) * EACH);
      },
    );

    it('answers the same with the file set aside in the list, and has another hash than a whole lake', async () => {
      const snapshot = await lakes.prepare(rowsOf(ALL));
      const bad = snapshot.manifest.files.find(({ path }) => path === fileOf(snapshot, BAD));
      if (bad === undefined) throw new Error('There is no such file.');
      const { manifest } = snapshot;
      const aside: Snapshot = {
        ...snapshot,
        manifest: {
          ...manifest,
          files: manifest.files.filter((file) => file !== bad),
          unreadable: [{ ...bad, reason: 'damaged', since: 1 }],
        },
      };
      const listed = await engine.run(spec, aside, new Recorder(), NEVER);
      expect(listed.missingHours).toEqual(missing('FILE_DAMAGED'));
      const withoutHour = await engine.run(spec, await lakes.prepare(rowsOf(OTHERS)), new Recorder(), NEVER);
      expect(answerOf(listed)).toEqual(answerOf(withoutHour));
      expect(resultHashMaterial(listed)).not.toBe(resultHashMaterial(withoutHour));
      await damageFile(snapshot.root, bad.path, 'flipped bytes in the data pages');
      const found = await engine.run(spec, snapshot, new Recorder(), NEVER);
      expect(resultHashMaterial(found)).toBe(resultHashMaterial(listed));
    });

    it('answers although nearly all of it cannot be read', async () => {
      const snapshot = await lakes.prepare(rowsOf(ALL));
      for (const hour of OTHERS) {
        await damageFile(snapshot.root, fileOf(snapshot, hour), 'flipped bytes in the data pages');
      }
      const result = await engine.run(spec, snapshot, new Recorder(), NEVER);
      expect(result.counts.posts).toBe(EACH);
      expect(result.missingHours).toHaveLength(2);
    });

    it('says that deletes are not known', async () => {
      const rows = rowsOf(ALL);
      const arrived = new Date(START + 2 * HOUR_MS).toISOString();
      const snapshot = await lakes.prepare({
        ...rows,
        tombstones: [{ source: 'x', id: '1-0', before: null, ingested_at: arrived }],
      });
      const whole = await engine.run(spec, snapshot, new Recorder(), NEVER);
      expect(whole.counts.posts).toBe(HOURS * EACH - 1);
      await damageFile(snapshot.root, snapshot.manifest.tombstones[0]?.path ?? '', 'the end cut off');
      const result = await engine.run(spec, snapshot, new Recorder(), NEVER);
      expect(result.counts.posts).toBe(HOURS * EACH);
      expect(result.missingHours).toEqual([
        { from: START + 2 * HOUR_MS, to: START + 3 * HOUR_MS, reason: 'DELETES_UNREADABLE' },
      ]);
    });

    it('refuses what the lake has given up since', async () => {
      const snapshot = await lakes.prepare(rowsOf(OTHERS));
      const path = fileOf(snapshot, 1).replace(/\d{15}\.parquet$/, '000000000999999.parquet');
      const [first, ...others] = snapshot.manifest.files;
      if (first === undefined) throw new Error('There is no file.');
      const older: Snapshot = {
        ...snapshot,
        manifest: { ...snapshot.manifest, files: [{ ...first, path }, ...others] },
      };
      await expect(engine.run(spec, older, new Recorder(), NEVER)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    });
  });
}
