import {
  ChangeDetectionStrategy,
  Component,
  type ElementRef,
  Injector,
  afterNextRender,
  computed,
  inject,
  input,
  output,
  signal,
  viewChild,
} from '@angular/core';
import { fromLocalInput, toLocalInput } from '../core/zoned-time';
import { zoneText } from '../core/format';
import { type Interval, PRESETS, PRESET_LABELS } from '../core/question';

const CUSTOM = 'custom';
type Choice = (typeof PRESETS)[number] | typeof CUSTOM;

export interface IntervalChoice {
  readonly interval: Interval;
  readonly timeZone: string;
}

/** Four choices as a radio group; the last opens two times and a zone. */
@Component({
  selector: 'ta-interval-picker',
  templateUrl: './interval-picker.html',
  host: { '(keydown.escape)': 'close()', class: 'interval' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class IntervalPicker {
  readonly interval = input.required<Interval>();
  readonly timeZone = input.required<string>();
  readonly viewerZone = input.required<string>();
  /** The newest data there is, epoch ms. */
  readonly newest = input.required<number>();
  readonly choose = output<IntervalChoice>();

  protected readonly choices: readonly Choice[] = [...PRESETS, CUSTOM];
  protected readonly labels: Record<Choice, string> = { ...PRESET_LABELS, custom: 'Custom' };
  protected readonly chosen = computed<Choice>(() => {
    const interval = this.interval();
    return 'preset' in interval ? interval.preset : CUSTOM;
  });
  protected readonly open = signal(false);
  protected readonly zone = signal('UTC');
  protected readonly from = signal('');
  protected readonly to = signal('');
  protected readonly wrong = signal('');
  protected readonly zones = computed(() => {
    const all = typeof Intl.supportedValuesOf === 'function' ? Intl.supportedValuesOf('timeZone') : [];
    return [...new Set([this.viewerZone(), this.timeZone(), 'UTC', ...all])];
  });
  readonly #injector = inject(Injector);
  protected readonly first = viewChild<ElementRef<HTMLInputElement>>('first');
  protected readonly group = viewChild.required<ElementRef<HTMLElement>>('group');

  protected readonly zoneText = zoneText;

  protected pick(choice: Choice): void {
    if (choice === CUSTOM) this.#begin();
    else {
      this.open.set(false);
      this.choose.emit({ interval: { preset: choice }, timeZone: this.timeZone() });
    }
  }

  /** Arrow keys move and choose, as in any radio group; Custom opens on Enter or Space. */
  protected move(event: KeyboardEvent, index: number): void {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = (index + step + this.choices.length) % this.choices.length;
    const choice = this.choices[next];
    this.group().nativeElement.querySelectorAll('button')[next]?.focus();
    if (choice !== undefined && choice !== CUSTOM) this.pick(choice);
  }

  protected use(event: Event): void {
    event.preventDefault();
    const from = fromLocalInput(this.from(), this.zone());
    const to = fromLocalInput(this.to(), this.zone());
    if (from === null || to === null) this.wrong.set('Give both times.');
    else if (from >= to) this.wrong.set('The first time must be before the second.');
    else {
      this.choose.emit({ interval: { from, to }, timeZone: this.zone() });
      this.close();
    }
  }

  protected close(): void {
    if (!this.open()) return;
    this.open.set(false);
    this.group().nativeElement.querySelector<HTMLElement>('button:last-of-type')?.focus();
  }

  protected value(event: Event): string {
    return (event.target as HTMLInputElement | HTMLSelectElement).value;
  }

  #begin(): void {
    if (this.open()) {
      this.close();
      return;
    }
    const interval = this.interval();
    const to = 'to' in interval ? interval.to : this.newest();
    const from = 'from' in interval ? interval.from : to - 24 * 3_600_000;
    this.zone.set(this.timeZone());
    this.from.set(toLocalInput(from, this.timeZone()));
    this.to.set(toLocalInput(to, this.timeZone()));
    this.wrong.set('');
    this.open.set(true);
    afterNextRender(() => this.first()?.nativeElement.focus(), { injector: this.#injector });
  }
}
