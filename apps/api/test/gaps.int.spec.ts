import { HOUR_MS, MINUTE_MS } from '@analytica/domain';
import type { CoverageChange } from '@analytica/domain/contracts';
import { lakeLocation, LakeWriter } from '@analytica/lake';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FIXTURE_END, makeLake, removeLake } from './fixture-lake.js';
import { Stack, testEnv, until } from './stack.js';

const HOURS = 5;
const EACH = 600;
const START = FIXTURE_END - HOURS * HOUR_MS;
const GAP = { from: FIXTURE_END - 3 * HOUR_MS, to: FIXTURE_END - 3 * HOUR_MS + 30 * MINUTE_MS };
const ANSWER = `query ($id: ID!) { analysis(id: $id) { status
  receipt { gaps { source from to cause status refilled } notCaptured { from to } missingEstimate }
  result { hash posts volume(bucket: HOUR_1) { buckets { from gaps { from to } } } peakHours { uncapturedHours } } } }`;
const GAPS = `query ($first: Int, $from: DateTime, $to: DateTime) {
  capture { gaps(first: $first, from: $from, to: $to) { source from to cause status refilled } } }`;

let dataDir: string;
let stack: Stack;

beforeEach(async () => {
  dataDir = await makeLake({ hours: HOURS, perHour: EACH });
  stack = await Stack.start(testEnv(dataDir));
});
afterEach(async () => {
  await stack.close();
  await removeLake(dataDir);
});

const iso = (time: number): string => new Date(time).toISOString();
type Told = CoverageChange extends infer C
  ? C extends unknown
    ? Omit<C, 'seq' | 'source' | 'arrivedAt'>
    : never
  : never;

/** States when the source `x` captured, as the ingestor does. */
async function state(changes: readonly Told[], firstSeq = 1): Promise<void> {
  const lake = await LakeWriter.open(lakeLocation(dataDir, 'demo'), { retentionDays: 0 });
  const numbered = changes.map((change, index) => ({
    ...change,
    ...{ seq: firstSeq + index, source: 'x', arrivedAt: 'at' in change ? change.at : START },
  }));
  await lake.advanceWatermark(0, numbered);
  await lake.close();
}

async function answer(): Promise<(path: string) => unknown> {
  const id = await stack.begin('cat');
  await until('the run ended', async () => ['SUCCEEDED', 'FAILED'].includes(await stack.status(id)));
  const { data, errors } = await stack.ask(ANSWER, { id });
  expect(errors).toEqual([]);
  return data;
}

const gapChanges = [
  { type: 'began', at: START - HOUR_MS },
  { type: 'ended', at: GAP.from, cause: 'STALLED' },
  { type: 'began', at: GAP.to },
] as const satisfies readonly Told[];

describe('an answer', () => {
  it('over a lake that was filled before gaps were kept tells what lies before its first post', async () => {
    const data = await answer();
    expect(data('analysis.receipt.gaps')).toEqual([]);
    const spans = data('analysis.receipt.notCaptured') as { from: string; to: string }[];
    expect(spans).toHaveLength(1);
    expect(spans[0]?.to).toBe(iso(START));
    expect(data('analysis.receipt.missingEstimate')).toBeNull();
  });

  it('tells its gaps, in the receipt, the bars and the heat map; refilled, it is whole with the same hash', async () => {
    await state(gapChanges);
    const data = await answer();
    const row = { source: 'x', from: iso(GAP.from), to: iso(GAP.to), cause: 'STALLED', status: 'CLOSED', refilled: 0 };
    expect(data('analysis.receipt.gaps')).toEqual([row]);
    const spans = data('analysis.receipt.notCaptured') as { from: string; to: string }[];
    expect(spans).toContainEqual({ from: iso(GAP.from), to: iso(GAP.to) });
    const buckets = data('analysis.result.volume.buckets') as { from: string; gaps: object[] }[];
    const bar = buckets.find(({ from }) => from === iso(GAP.from));
    expect(bar?.gaps).toEqual([{ from: iso(GAP.from), to: iso(GAP.to) }]);
    expect(buckets.find(({ from }) => from === iso(GAP.from + HOUR_MS))?.gaps).toEqual([]);
    const hours = data('analysis.result.peakHours.uncapturedHours') as number[][];
    const day = (new Date(GAP.from).getUTCDay() + 6) % 7;
    expect(hours[day]?.[new Date(GAP.from).getUTCHours()]).toBe(0.5);

    await state([{ type: 'refilled', ...GAP, posts: 7 }], 4);
    await stack.close();
    stack = await Stack.start(testEnv(dataDir));
    const later = await answer();
    expect(later('analysis.receipt.gaps')).toEqual([{ ...row, status: 'REFILLED', refilled: 7 }]);
    expect(later('analysis.receipt.notCaptured')).not.toContainEqual({ from: iso(GAP.from), to: iso(GAP.to) });
    expect(later('analysis.result.hash')).toBe(data('analysis.result.hash'));
  });
});

describe('capture.gaps', () => {
  it('lists those that go on before others, the newest first, of an interval, so many', async () => {
    await state([...gapChanges, { type: 'ended', at: FIXTURE_END, cause: 'REFUSED' }]);
    const causes = async (variables: object): Promise<unknown> => {
      const { data, errors } = await stack.ask(GAPS, { first: 10, ...variables });
      expect(errors).toEqual([]);
      return (data('capture.gaps') as { cause: string; to: string | null }[]).map(({ cause, to }) => [cause, to]);
    };
    expect(await causes({})).toEqual([
      ['REFUSED', null],
      ['STALLED', iso(GAP.to)],
    ]);
    expect(await causes({ first: 1 })).toEqual([['REFUSED', null]]);
    expect(await causes({ to: iso(FIXTURE_END) })).toEqual([['STALLED', iso(GAP.to)]]);
    expect(await causes({ from: iso(GAP.to) })).toEqual([['REFUSED', null]]);
    const { errors } = await stack.ask(GAPS, { first: 501 });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });
});
