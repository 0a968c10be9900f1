import { NgTemplateOutlet } from '@angular/common';
import { ChangeDetectionStrategy, Component, input, output } from '@angular/core';
import { wholeNumber } from '../core/format';
import { Sparkline } from './sparkline';

export interface Tile {
  readonly key: string;
  readonly label: string;
  readonly value: number;
  /** The values over the interval, for a tile that the chart can show; else null. */
  readonly series: readonly number[] | null;
}

/** The totals of an answer. A tile with a series is a button that chooses what the chart shows. */
@Component({
  selector: 'ta-total-tiles',
  imports: [NgTemplateOutlet, Sparkline],
  templateUrl: './total-tiles.html',
  host: { class: 'tiles', role: 'group', 'aria-label': 'Totals; choose what the chart shows' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class TotalTiles {
  readonly tiles = input.required<readonly Tile[]>();
  readonly chosen = input.required<string>();
  readonly partial = input(false);
  /** What partial numbers are about. */
  readonly note = input('');
  readonly choose = output<string>();
  protected readonly num = wholeNumber;
}
