import { LivySession, type LivyClient } from '@analytica/livy';
import { inLines, median, quantile, timed } from './measure.ts';
import type { Prototype } from './prototype.ts';

const WIDTH = 8;
const WARM_UP = 30;

const round = (value: number): number => Math.round(value * 10) / 10;

/** Time beside the server's own for one trivial statement after another on a warm session, ms. */
export async function overhead(
  client: LivyClient,
  name: string,
  count: number,
): Promise<Readonly<Record<string, number>>> {
  const { session } = await LivySession.start(client, { name });
  try {
    const totals: number[] = [];
    const beside: number[] = [];
    for (let n = 0; n < WARM_UP + count; n++) {
      const { timing, result } = await session.run('result = 1 + 1');
      if (result !== 2) throw new Error(`1 + 1 was ${String(result)}.`);
      if (n < WARM_UP) continue;
      totals.push(timing.totalMs);
      beside.push(timing.totalMs - timing.runMs);
    }
    return {
      count,
      totalP50: round(median(totals)),
      totalP95: round(quantile(totals, 0.95)),
      overheadP50: round(median(beside)),
      overheadP95: round(quantile(beside, 0.95)),
    };
  } finally {
    await session.close();
  }
}

export interface SmallOnes {
  readonly ms: number;
  readonly failed: number;
}

/** So many trivial statements, eight at a time, on one session of ours. */
export async function ourSmallOnes(client: LivyClient, name: string, count: number, runs: number): Promise<SmallOnes> {
  const { session } = await LivySession.start(client, { name });
  try {
    let failed = 0;
    const one = async (n: number): Promise<void> => {
      const { result } = await session.run('result = params + 1', n);
      if (result !== n + 1) throw new Error(`${String(n)} + 1 was ${String(result)}.`);
    };
    await inLines(WARM_UP, WIDTH, one);
    const times: number[] = [];
    for (let run = 0; run < runs; run++) {
      times.push(
        await timed(async () => {
          failed += await inLines(count, WIDTH, one);
        }),
      );
    }
    return { ms: Math.round(median(times)), failed };
  } finally {
    await session.close();
  }
}

/** The same by the prototype. */
export async function prototypeSmallOnes(prototype: Prototype, count: number, runs: number): Promise<SmallOnes> {
  const times: number[] = [];
  let failed = 0;
  for (let run = 0; run < runs; run++) {
    times.push(
      await timed(async () => {
        failed += await inLines(count, WIDTH, async (n) => {
          const text = await prototype.statement(`${String(n)} + 1`);
          if (text.trim() !== String(n + 1)) throw new Error(`${String(n)} + 1 was ${text}.`);
        });
      }),
    );
  }
  return { ms: Math.round(median(times)), failed };
}
