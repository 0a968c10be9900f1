import { heatCells, heatScale } from './heat-scale';

describe('heat scale', () => {
  it('has seven quantile steps with about as many values each', () => {
    const values = Array.from({ length: 168 }, (_, i) => i);
    const scale = heatScale(values);
    expect(scale.bounds).toEqual([0, 24, 48, 72, 96, 120, 144]);
    const perStep = new Map<number, number>();
    for (const value of values) perStep.set(scale.step(value), (perStep.get(scale.step(value)) ?? 0) + 1);
    expect([...perStep.entries()]).toEqual([1, 2, 3, 4, 5, 6, 7].map((step) => [step, 24]));
  });
  it('gives equal values the same step and the greatest the deepest', () => {
    const scale = heatScale([0, 0, 0, 0, 0, 0, 5, 9]);
    expect(scale.step(0)).toBe(1);
    expect(scale.step(9)).toBe(7);
    expect(scale.bounds).toEqual([...new Set(scale.bounds)]);
    expect(heatScale([]).step(3)).toBe(1);
    expect(heatScale([4, 4]).step(4)).toBe(1);
  });
});

describe('heat cells', () => {
  it('have no rate where nothing was captured, and say where not all was', () => {
    const { cells, scale } = heatCells([[0, 4, 0, 9]], [[1, 1, 1, 1]], [[1, 0.5, 0.25, 1]]);
    expect(cells[0]?.map(({ rate, missing }) => [rate, missing])).toEqual([
      [null, 'all'],
      [4, 'part'],
      [0, 'part'],
      [9, 'part'],
    ]);
    expect(scale.bounds).toEqual([0, 4, 9]);
  });

  it('divide by the hours covered and leave out what was not asked', () => {
    const posts = [[10, 10, 0]];
    const { cells } = heatCells(posts, [[1, 2, 0]]);
    expect(cells[0]?.map((cell) => cell.rate)).toEqual([10, 5, null]);
    expect(cells[0]?.[2]?.step).toBe(0);
  });
  it('write six values, not the zeros', () => {
    const { cells } = heatCells([[0, 1, 2, 3, 4, 5, 6, 7, 7, 7]], [Array<number>(10).fill(1)]);
    expect(cells[0]?.filter((cell) => cell.high).map((cell) => cell.rate)).toEqual([4, 5, 6, 7, 7, 7]);
    expect(heatCells([[0, 0]], [[1, 1]]).cells[0]?.some((cell) => cell.high)).toBe(false);
  });
});
