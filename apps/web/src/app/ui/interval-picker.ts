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
import { DAY_MS, INTERVAL_PRESETS, type IntervalPreset } from '@analytica/domain';
import { timeZoneText } from '../core/format';
import { type AskedInterval, PRESET_LABELS } from '../core/question';
import { fromLocalInput, toLocalInput } from '../core/zoned-time';

const CUSTOM = 'custom';
type Choice = IntervalPreset | typeof CUSTOM;

export interface IntervalChoice {
  readonly interval: AskedInterval;
  readonly timeZone: string;
}

/** A radio group of presets and "Custom", which opens a dialog with two times and a time zone. */
@Component({
  selector: 'ta-interval-picker',
  templateUrl: './interval-picker.html',
  host: { '(keydown.escape)': 'close()', class: 'interval' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class IntervalPicker {
  readonly interval = input.required<AskedInterval>();
  readonly timeZone = input.required<string>();
  readonly viewerZone = input.required<string>();
  /** When the newest data are from, epoch ms: where a custom interval ends at first. */
  readonly newest = input.required<number>();
  readonly choose = output<IntervalChoice>();

  protected readonly choices: readonly Choice[] = [...INTERVAL_PRESETS, CUSTOM];
  protected readonly labels: Record<Choice, string> = { ...PRESET_LABELS, custom: 'Custom' };
  protected readonly chosen = computed<Choice>(() => {
    const interval = this.interval();
    return 'preset' in interval ? interval.preset : CUSTOM;
  });
  protected readonly open = signal(false);
  protected readonly zone = signal('UTC');
  protected readonly from = signal('');
  protected readonly to = signal('');
  protected readonly problem = signal('');
  protected readonly zones = computed(() => {
    const all = typeof Intl.supportedValuesOf === 'function' ? Intl.supportedValuesOf('timeZone') : [];
    return [...new Set([this.viewerZone(), this.timeZone(), 'UTC', ...all])];
  });
  readonly #injector = inject(Injector);
  protected readonly first = viewChild<ElementRef<HTMLInputElement>>('first');
  protected readonly group = viewChild.required<ElementRef<HTMLElement>>('group');

  protected readonly zoneText = timeZoneText;

  protected pick(choice: Choice): void {
    if (choice === CUSTOM) this.#toggleDialog();
    else {
      this.open.set(false);
      this.choose.emit({ interval: { preset: choice }, timeZone: this.timeZone() });
    }
  }

  /** Arrow keys move and choose, as in any radio group. Custom opens on Enter or Space only. */
  protected move(event: KeyboardEvent, index: number): void {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = (index + step + this.choices.length) % this.choices.length;
    const choice = this.choices[next];
    this.group().nativeElement.querySelectorAll('button')[next]?.focus();
    if (choice !== undefined && choice !== CUSTOM) this.pick(choice);
  }

  protected useCustom(event: Event): void {
    event.preventDefault();
    const from = fromLocalInput(this.from(), this.zone());
    const to = fromLocalInput(this.to(), this.zone());
    if (from === null || to === null) this.problem.set('Give both times.');
    else if (from >= to) this.problem.set('The first time must be before the second.');
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

  #toggleDialog(): void {
    if (this.open()) {
      this.close();
      return;
    }
    const interval = this.interval();
    const to = 'to' in interval ? interval.to : this.newest();
    const from = 'from' in interval ? interval.from : to - DAY_MS;
    this.zone.set(this.timeZone());
    this.from.set(toLocalInput(from, this.timeZone()));
    this.to.set(toLocalInput(to, this.timeZone()));
    this.problem.set('');
    this.open.set(true);
    afterNextRender(() => this.first()?.nativeElement.focus(), { injector: this.#injector });
  }
}
