import { NgTemplateOutlet } from '@angular/common';
import { ChangeDetectionStrategy, Component, input, output } from '@angular/core';
import { num } from '../core/format';
import { Sparkline } from './sparkline';

export interface Tile {
  readonly key: string;
  readonly label: string;
  readonly value: number;
  /** Its course over the interval; only such a tile can be shown in the chart. */
  readonly course: readonly number[] | null;
}

/** The totals; those with a course are the switch of the chart below. */
@Component({
  selector: 'ta-tiles',
  imports: [NgTemplateOutlet, Sparkline],
  templateUrl: './tiles.html',
  host: { class: 'tiles', role: 'group', 'aria-label': 'Totals; choose what the chart shows' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Tiles {
  readonly tiles = input.required<readonly Tile[]>();
  readonly chosen = input.required<string>();
  readonly partial = input(false);
  /** What the numbers are about while they are partial. */
  readonly note = input('');
  readonly choose = output<string>();
  protected readonly num = num;
}
