import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';

/** The progress of an answer, one cell per partition, newest at the right: read, being read or waiting. */
@Component({
  selector: 'ta-partition-strip',
  template: `@for (state of cells(); track $index) {
    <i [class]="state"></i>
  }`,
  host: {
    class: 'progress',
    role: 'progressbar',
    'aria-label': 'Partitions read',
    'aria-valuemin': '0',
    '[attr.aria-valuemax]': 'total()',
    '[attr.aria-valuenow]': 'done()',
  },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class PartitionStrip {
  readonly done = input.required<number>();
  readonly total = input.required<number>();
  readonly running = input(true);
  protected readonly cells = computed(() => {
    const total = this.total();
    const firstDone = total - this.done();
    return Array.from({ length: total }, (_, i) =>
      i >= firstDone ? 'done' : this.running() && i === firstDone - 1 ? 'work' : '',
    );
  });
}
