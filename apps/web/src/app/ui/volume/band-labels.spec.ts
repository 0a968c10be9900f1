import { bandLabels, type LabelledBand, type PlotParts } from './band-labels';

const plot = (told: Partial<PlotParts> = {}): PlotParts => ({ width: 900, height: 200, texts: [], bars: [], ...told });
const band = (x: number, width = 20): LabelledBand => ({ x, width, labels: ['No capture 02:10–04:40', 'No capture'] });
const texts = (bands: readonly LabelledBand[], parts = plot()): string[] =>
  bandLabels(bands, parts).map(({ text }) => text);

describe('labels of what was not captured', () => {
  it('stand in the middle of their band, and within the plot', () => {
    const [label] = bandLabels([band(400)], plot());
    expect(label && (label.left + label.right) / 2).toBe(410);
    expect(bandLabels([band(0)], plot())[0]?.left).toBe(0);
    expect(bandLabels([band(880)], plot())[0]?.right).toBe(900);
  });

  it('are short where there is no room for more, and none where there is none at all', () => {
    expect(texts([band(400), band(480)])).toEqual(['No capture', 'No capture']);
    expect(texts([band(30)], plot({ width: 100 }))).toEqual(['No capture']);
    expect(texts([band(400, 4), band(410, 4), band(420, 4)])).toEqual([]);
    expect(texts([band(30)], plot({ width: 60 }))).toEqual([]);
  });

  it('run into no other text and no bar', () => {
    const wide = { left: 0, right: 900, top: 40, bottom: 60 };
    const [label] = bandLabels([band(400)], plot({ texts: [wide] }));
    expect(label?.bottom).toBeLessThanOrEqual(40);
    const bar = { left: 430, right: 440, top: 0, bottom: 200 };
    expect(texts([band(400)], plot({ bars: [bar] }))).toEqual([]);
    const low = { ...bar, top: 30 };
    expect(bandLabels([band(400)], plot({ bars: [low] }))[0]?.bottom).toBeLessThanOrEqual(30);
  });
});
