export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** Milliseconds that `work` takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** Does `count` things, at most `width` at a time; gives how many failed. */
export async function inLines(count: number, width: number, one: (n: number) => Promise<void>): Promise<number> {
  let next = 0;
  let failed = 0;
  const line = async (): Promise<void> => {
    for (let n = next++; n < count; n = next++) {
      try {
        await one(n);
      } catch (error) {
        failed++;
        console.error(`  ${String(n)}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  };
  await Promise.all(Array.from({ length: width }, line));
  return failed;
}
