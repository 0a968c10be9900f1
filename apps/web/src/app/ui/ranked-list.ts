import { ChangeDetectionStrategy, Component, computed, input, linkedSignal } from '@angular/core';
import { wholeNumber } from '../core/format';

export interface RankedRow {
  readonly key: string;
  readonly label: string;
  readonly posts: number;
  readonly uses: number;
  readonly authors: number;
}

export type RankedColumn = 'uses' | 'authors';

/** A ranking by posts. The table and the bars show the same figures. */
@Component({
  selector: 'ta-ranked-list',
  templateUrl: './ranked-list.html',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class RankedList {
  readonly rows = input.required<readonly RankedRow[]>();
  readonly distinct = input.required<number>();
  readonly head = input.required<string>();
  readonly columns = input<readonly RankedColumn[]>([]);
  readonly view = input<'table' | 'bars'>('table');
  readonly partial = input(false);
  readonly limit = input(12);
  readonly note = input('');
  /** The text of an empty list. */
  readonly empty = input.required<string>();

  protected readonly showsAll = linkedSignal({ source: this.head, computation: () => false });
  protected readonly shown = computed(() => (this.showsAll() ? this.rows() : this.rows().slice(0, this.limit())));
  protected readonly top = computed(() => Math.max(1, this.rows()[0]?.posts ?? 1));
  protected readonly num = wholeNumber;
  protected readonly names: Record<RankedColumn, string> = { uses: 'Uses', authors: 'Authors' };

  protected width(row: RankedRow): string {
    return `${((row.posts / this.top()) * 100).toFixed(1)}%`;
  }
}
