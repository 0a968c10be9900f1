import {
  ChangeDetectionStrategy,
  Component,
  DestroyRef,
  type ElementRef,
  afterNextRender,
  computed,
  inject,
  input,
  linkedSignal,
  output,
  signal,
  viewChild,
} from '@angular/core';
import { BarChartModule } from '@swimlane/ngx-charts';
import { wholeNumber } from '../../core/format';
import { type Bar, barLabel, lacksAll, missingNote } from './bar';
import { type BarScale, axisMax, barScale } from './bar-scale';
import { type Box, bandLabels } from './band-labels';
import { type MissingTime, missingBands } from './missing-bands';
import { ticks } from './ticks';

/** The room of the axis' labels at the left. */
const AXIS_PX = 40;
const NOTE_CHAR_PX = 6.6;
const SO_FAR_PX = 40;
const LINE_PX = 14;
/** The greatest width of the tooltip, with its distance. */
const TIP_PX = 270;

/** Bars over time. ngx-charts draws the bars; the grid below them and the labels and the cursor above are our own. */
@Component({
  selector: 'ta-volume-chart',
  imports: [BarChartModule],
  templateUrl: './volume-chart.html',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class VolumeChart {
  readonly bars = input.required<readonly Bar[]>();
  readonly timeZone = input.required<string>();
  /** "Posts per hour" */
  readonly label = input.required<string>();
  /** "posts" */
  readonly unit = input.required<string>();
  /** The answer is complete, so that the peak is final and is named. */
  readonly complete = input(true);
  /** The interval ends at the newest data, so that the last bar grows. */
  readonly growing = input(true);
  /** Times that were not captured or cannot be read, `[from, to)` in epoch ms. */
  readonly missing = input<readonly MissingTime[]>([]);
  /** The width of the plot in whole px, at each change. */
  readonly width = output<number>();

  protected readonly plot = viewChild.required<ElementRef<HTMLElement>>('plot');
  protected readonly plotWidth = signal(0);
  protected readonly plotHeight = signal(0);
  /** The library leaves 10/20/10/20 px around its plot. */
  protected readonly view = computed<[number, number]>(() => [this.plotWidth() + 40, this.plotHeight() + 20]);
  protected readonly band = computed<BarScale | null>(() =>
    this.plotWidth() > 0 ? barScale(this.bars().length, this.plotWidth()) : null,
  );
  /** Names are strings, because the library makes one label per day of dates. */
  protected readonly results = computed(() => this.bars().map((bar) => ({ name: String(bar.from), value: bar.value })));
  /** The top of the axis. It only grows while partial answers come in. */
  protected readonly top = linkedSignal<{ max: number; start: number }, number>({
    source: () => ({ max: Math.max(0, ...this.bars().map((bar) => bar.value)), start: this.bars()[0]?.from ?? 0 }),
    computation: (now, before) => {
      const top = axisMax(now.max);
      const growing = !this.complete() && before?.source.start === now.start;
      return growing ? Math.max(top, before.value) : top;
    },
  });
  protected readonly cursor = linkedSignal<readonly Bar[], number>({
    source: this.bars,
    computation: (bars, before) => {
      // The cursor stays at its moment when the bucket size changes.
      const moment = before?.source[before.value]?.from;
      const found = moment === undefined ? -1 : bars.findLastIndex((bar) => bar.from <= moment);
      return found >= 0 && bars[0] && (moment ?? 0) >= bars[0].from ? found : peakIndex(bars);
    },
  });
  protected readonly hover = signal<number | null>(null);
  protected readonly hovered = computed(() => {
    const i = this.hover();
    const bar = i === null ? undefined : this.bars()[i];
    return i === null || !bar ? null : { i, y: this.y(bar.value) };
  });
  protected readonly focused = signal(false);
  protected readonly reading = computed(() => this.hover() ?? (this.focused() ? this.cursor() : null));

  /** A new function at each change of a colour: the library compares the function only. */
  protected readonly colors = computed(() => {
    const cut = new Set(this.bars().flatMap((bar) => (bar.cut ? [String(bar.from)] : [])));
    return (name: string) => (cut.has(name) ? 'var(--ta-data-partial, var(--ta-data-soft))' : 'var(--ta-data)');
  });
  protected readonly grid = computed(() =>
    [1, 2, 3, 4].map((k) => ({ value: (this.top() * k) / 4, y: Math.round(this.plotHeight() * (1 - k / 4)) - 0.5 })),
  );
  protected readonly missingBands = computed(() => {
    const scale = this.band();
    return scale === null ? [] : missingBands(this.missing(), this.bars(), scale);
  });
  protected readonly bandLabels = computed(() => {
    const [width, height] = [this.plotWidth(), this.plotHeight()];
    const texts = [...this.#peakBox(), ...this.#soFarBox()];
    return bandLabels(this.missingBands(), { width, height, texts, bars: this.#barBoxes() });
  });
  protected readonly ticks = computed(() => ticks(this.bars(), this.timeZone(), this.plotWidth()));
  protected readonly peak = computed(() => {
    const bars = this.bars();
    const b = this.band();
    const bar = bars[peakIndex(bars)];
    if (!b || !bar || bar.value === 0 || !this.complete()) return null;
    const i = peakIndex(bars);
    const value = wholeNumber(bar.value);
    const label = barLabel(bar, this.timeZone());
    const flip = b.x(i) + b.drawn + (value.length + label.length + 2) * NOTE_CHAR_PX > this.plotWidth();
    return {
      value,
      label,
      x: flip ? b.x(i) - 6 : Math.max(AXIS_PX, b.x(i) + b.drawn + 6),
      flip,
      y: Math.max(12, this.y(bar.value) + 10),
    };
  });
  protected readonly soFar = computed(() => {
    const bar = this.bars().at(-1);
    const b = this.band();
    if (!bar?.cut || !b || !this.growing() || this.bars().length < 2) return null;
    const y = this.y(bar.value);
    // Above all bars that the text would cover.
    const above = this.bars().filter((_, i) => b.x(i) + b.drawn > this.plotWidth() - SO_FAR_PX);
    const highest = Math.min(...above.map((other) => this.y(other.value)));
    return { y, top: Math.max(16, Math.min(y - 20, highest - 2, this.plotHeight() * 0.74)) };
  });
  protected readonly valueText = computed(() => this.#barText(this.bars()[this.cursor()]));
  protected readonly tip = computed(() => {
    const i = this.reading();
    const bar = i === null ? undefined : this.bars()[i];
    const b = this.band();
    if (i === null || !bar || !b) return null;
    const x = b.mid(i);
    return {
      x,
      flip: x > this.plotWidth() / 2 && x > this.plotWidth() - TIP_PX,
      label: barLabel(bar, this.timeZone()),
      value: bar.waiting ? 'not read yet' : lacksAll(bar) ? missingNote(bar) : wholeNumber(bar.value),
      cut: bar.cut,
      missing: lacksAll(bar) ? null : missingNote(bar),
      reasons: bar.reasons ?? [],
    };
  });
  protected readonly num = wholeNumber;

  constructor() {
    const destroy = inject(DestroyRef);
    afterNextRender(() => {
      const observer = new ResizeObserver(([entry]) => {
        if (!entry) return;
        const width = Math.floor(entry.contentRect.width);
        this.plotWidth.set(width);
        this.plotHeight.set(Math.floor(entry.contentRect.height));
        this.width.emit(width);
      });
      observer.observe(this.plot().nativeElement);
      destroy.onDestroy(() => {
        observer.disconnect();
      });
    });
  }

  protected y(value: number): number {
    return this.plotHeight() * (1 - value / this.top());
  }

  protected moveCursor(event: KeyboardEvent): void {
    const last = this.bars().length - 1;
    const page = Math.max(1, Math.round(this.bars().length / 7));
    const step = {
      ArrowLeft: -1,
      ArrowDown: -1,
      ArrowRight: 1,
      ArrowUp: 1,
      PageDown: -page,
      PageUp: page,
      Home: -last,
      End: last,
    }[event.key];
    if (event.key === 'Escape') this.hover.set(null);
    if (step === undefined) return;
    event.preventDefault();
    this.hover.set(null);
    this.cursor.update((i) => Math.min(last, Math.max(0, i + step)));
  }

  protected followPointer(event: PointerEvent): void {
    const i = this.band()?.index(event.clientX - this.plot().nativeElement.getBoundingClientRect().left) ?? null;
    this.hover.set(i);
    if (event.type === 'pointerdown' && i !== null) this.cursor.set(i);
  }

  #barBoxes(): Box[] {
    const b = this.band();
    if (b === null) return [];
    return this.bars().map(({ value }, i) => {
      return { left: b.x(i), right: b.x(i) + b.drawn, top: this.y(value), bottom: this.plotHeight() };
    });
  }

  #peakBox(): Box[] {
    const peak = this.peak();
    if (peak === null) return [];
    const width = (peak.value.length + peak.label.length + 2) * NOTE_CHAR_PX;
    const left = peak.flip ? peak.x - width : peak.x;
    return [{ left, right: left + width, top: peak.y - LINE_PX, bottom: peak.y }];
  }

  #soFarBox(): Box[] {
    const soFar = this.soFar();
    const right = this.plotWidth();
    return soFar === null ? [] : [{ left: right - SO_FAR_PX, right, top: soFar.top - 6 - LINE_PX, bottom: soFar.y }];
  }

  #barText(bar: Bar | undefined): string {
    if (!bar) return 'No data';
    const figure = bar.waiting
      ? 'not read yet'
      : `${wholeNumber(bar.value)} ${this.unit()}${bar.cut ? ', not a whole bucket' : ''}`;
    const note = missingNote(bar);
    if (note !== null && !bar.waiting) {
      const why = bar.reasons?.length ? ` (${bar.reasons.join('; ')})` : '';
      return `${barLabel(bar, this.timeZone())}: ${lacksAll(bar) ? note : `${figure}, ${note}`}${why}`;
    }
    return `${barLabel(bar, this.timeZone())}: ${figure}`;
  }
}

function peakIndex(bars: readonly Bar[]): number {
  return bars.reduce((best, bar, i) => (bar.value > (bars[best]?.value ?? 0) ? i : best), 0);
}
