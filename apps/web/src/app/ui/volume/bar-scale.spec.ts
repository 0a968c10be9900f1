import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { provideNoopAnimations } from '@angular/platform-browser/animations';
import { BarChartModule } from '@swimlane/ngx-charts';
import { axisMax, barScale } from './bar-scale';

@Component({
  imports: [BarChartModule],
  template: `<ngx-charts-bar-vertical
    [view]="[w() + 40, 120]"
    [results]="results()"
    [xAxis]="false"
    [yAxis]="false"
    [roundEdges]="false"
    [gradient]="false"
    [animations]="false"
    [tooltipDisabled]="true"
    [barPadding]="1"
  />`,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
class Library {
  readonly w = input.required<number>();
  readonly results = input.required<{ name: string; value: number }[]>();
}

describe('band', () => {
  it.each([
    [169, 944],
    [56, 520],
    [169, 1_100],
    [1, 300],
    [97, 328],
  ])('lies where the library draws %i bars in %i px', async (n, w) => {
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- ngx-charts still asks for an animation renderer
    TestBed.configureTestingModule({ providers: [provideNoopAnimations()] });
    const fixture = TestBed.createComponent(Library);
    fixture.componentRef.setInput('w', w);
    fixture.componentRef.setInput(
      'results',
      Array.from({ length: n }, (_, i) => ({ name: String(i), value: i + 1 })),
    );
    await fixture.whenStable();
    const paths = (fixture.nativeElement as HTMLElement).querySelectorAll('path.bar');
    const left = Array.from(paths, (path) => Number(/^M\s*([\d.e-]+)/.exec(path.getAttribute('d') ?? '')?.[1]));
    expect(left).toHaveLength(n);
    const ours = barScale(n, w);
    left.forEach((x, i) => {
      expect(Math.abs(ours.x(i) - x)).toBeLessThan(0.01);
    });
    expect(ours.drawn).toBeCloseTo(0.8 * ours.step, 6);
  });

  it('finds the bar under a pointer, also at and beyond the edges', () => {
    const b = barScale(24, 240);
    for (let i = 0; i < 24; i += 1) expect(b.index(b.mid(i))).toBe(i);
    expect(b.index(-5)).toBe(0);
    expect(b.index(999)).toBe(23);
  });
});

describe('niceMax', () => {
  it('holds the value and has round quarters', () => {
    for (const value of [0, 1, 4, 5, 9, 13, 99, 101, 1_592, 4_086, 77_777, 1_000_000]) {
      const top = axisMax(value);
      expect(top).toBeGreaterThanOrEqual(value);
      expect(Number.isInteger(top / 4)).toBe(true);
      expect(top).toBeLessThanOrEqual(Math.max(4, value * 2.5));
    }
    expect(axisMax(1_592)).toBe(1_600);
  });
});
