import { ChangeDetectionStrategy, Component, ElementRef, computed, inject, input, linkedSignal } from '@angular/core';
import { HOURS, WEEKDAYS, abbreviated, wholeNumber } from '../core/format';
import { type HeatCell, heatCells } from './heat-scale';

/** Posts per covered hour as a table of weekday by hour. The table is one tab stop; arrow keys move within it. */
@Component({
  selector: 'ta-heat-map',
  templateUrl: './heat-map.html',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class HeatMap {
  readonly posts = input.required<readonly (readonly number[])[]>();
  readonly covered = input.required<readonly (readonly number[])[]>();
  readonly uncaptured = input<readonly (readonly number[])[]>([]);
  /** Hours down and weekdays across, for a phone. */
  readonly turned = input(false);

  readonly #host = inject<ElementRef<HTMLElement>>(ElementRef);
  readonly #heat = computed(() => heatCells(this.posts(), this.covered(), this.uncaptured()));
  protected readonly rows = computed(() => {
    const cells = this.#heat().cells;
    if (!this.turned()) return cells.map((row, day) => ({ name: WEEKDAYS[day] ?? '', cells: row }));
    return HOURS.map((name, hour) => ({ name, cells: cells.flatMap((row) => row[hour] ?? []) }));
  });
  protected readonly heads = computed(() => (this.turned() ? WEEKDAYS : HOURS.map((hour) => String(Number(hour)))));
  protected readonly bounds = computed(() => {
    const { bounds, step } = this.#heat().scale;
    return bounds.map((bound) => ({ bound, step: step(bound) }));
  });
  protected readonly days = computed(() => {
    const totals = this.posts().map((row) => row.reduce((sum, n) => sum + n, 0));
    const top = Math.max(1, ...totals);
    return totals.map((total) => ({ total, width: (total / top) * 60 }));
  });
  protected readonly hasUnasked = computed(() =>
    this.#heat().cells.some((row) => row.some((cell) => cell.rate === null && cell.missing === null)),
  );
  protected readonly hasUncaptured = computed(() =>
    this.#heat().cells.some((row) => row.some((cell) => cell.missing !== null)),
  );
  /** Row and column of the tab stop. */
  protected readonly tabStop = linkedSignal({ source: this.turned, computation: () => ({ row: 0, col: 0 }) });
  protected readonly num = wholeNumber;
  protected readonly short = abbreviated;

  protected text(cell: HeatCell): string {
    return cell.rate === null ? '' : abbreviated(cell.rate);
  }

  protected title(cell: HeatCell): string {
    const when = `${WEEKDAYS[cell.day] ?? ''} ${HOURS[cell.hour] ?? ''}–${HOURS[(cell.hour + 1) % 24] ?? ''}`;
    if (cell.rate === null) return `${when}: ${cell.missing === null ? 'not in the interval' : 'not captured'}`;
    const note = cell.missing === null ? '' : ', not all captured';
    return `${when}: ${abbreviated(cell.rate)} per hour, ${wholeNumber(cell.posts)} in all${note}`;
  }

  protected moveTabStop(event: KeyboardEvent): void {
    const { row, col } = this.tabStop();
    const lastRow = this.rows().length - 1;
    const lastCol = this.heads().length - 1;
    const next = {
      ArrowLeft: { row, col: Math.max(0, col - 1) },
      ArrowRight: { row, col: Math.min(lastCol, col + 1) },
      ArrowUp: { row: Math.max(0, row - 1), col },
      ArrowDown: { row: Math.min(lastRow, row + 1), col },
      Home: { row, col: 0 },
      End: { row, col: lastCol },
      PageUp: { row: 0, col },
      PageDown: { row: lastRow, col },
    }[event.key];
    if (!next) return;
    event.preventDefault();
    this.tabStop.set(next);
    this.#host.nativeElement
      .querySelector<HTMLElement>(`[data-cell="${String(next.row)}-${String(next.col)}"]`)
      ?.focus();
  }
}
