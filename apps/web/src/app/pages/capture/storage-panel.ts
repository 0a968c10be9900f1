import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { byteText, dateAndTime, durationText, shortDate, viewerZone, wholeNumber } from '../../core/format';
import type { CaptureStatus } from '../../data/capture-detail';
import { Panel } from '../../ui/panel';

/** What is kept, where, and how much room there is. */
@Component({
  selector: 'ta-storage-panel',
  imports: [Panel],
  template: `<ta-panel heading="Archive">
    <dl class="kv">
      @for (row of rows(); track row.what) {
        <dt>{{ row.what }}</dt>
        <dd>{{ row.text }}</dd>
      }
    </dl>
  </ta-panel>`,
  host: { class: 's12' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class StoragePanel {
  readonly status = input.required<CaptureStatus>();
  readonly #zone = viewerZone();
  protected readonly rows = computed(() => {
    const { posts, oldest, lake, log, watermark } = this.status();
    const since = oldest === null ? '' : `, written since ${shortDate(Date.parse(oldest), this.#zone)}`;
    const size = lake === null ? '' : `, ${byteText(lake.bytes)}`;
    const rows = [{ what: 'Holds', text: `${wholeNumber(posts)} posts${size}${since}` }];
    if (watermark !== null) {
      rows.push({ what: 'Complete up to', text: dateAndTime(Date.parse(watermark), this.#zone) });
    }
    if (lake !== null && lake.freeBytes !== null) {
      rows.push({ what: 'Written to', text: `local disk, ${byteText(lake.freeBytes)} free` });
    }
    if (log !== null) {
      const waits =
        log.oldestPendingMs === null ? 'nothing waits' : `the oldest record waits ${durationText(log.oldestPendingMs)}`;
      rows.push({ what: 'Log', text: `${byteText(log.bytes)} of ${byteText(log.maxBytes)} at most; ${waits}` });
    }
    return rows;
  });
}
