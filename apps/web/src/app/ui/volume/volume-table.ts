import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { wholeNumber } from '../../core/format';
import { barLabel, lacksAll, missingNote } from './bar';

export interface VolumeRow {
  readonly from: number;
  readonly to: number;
  readonly cut: boolean;
  readonly waiting: boolean;
  /** Posts of the bucket cannot be read, some or all. */
  readonly missing: boolean;
  /** A part of the bucket, or all of it, was not captured. */
  readonly gap?: 'part' | 'whole' | null;
  readonly posts: number;
  readonly retweets: number;
  readonly replies: number;
  readonly quotes: number;
}

/** The figures of the volume chart as a table, newest bucket first. */
@Component({
  selector: 'ta-volume-table',
  template: `<div class="twin" tabindex="0" role="region" [attr.aria-label]="label() + ', table'">
    <table class="lt">
      <thead>
        <tr>
          <th>From</th>
          <th class="num">Posts</th>
          <th class="num">Retweets</th>
          <th class="num">Replies</th>
          <th class="num">Quotes</th>
        </tr>
      </thead>
      <tbody>
        @for (row of newestFirst(); track row.from) {
          <tr>
            <td>
              {{ row.label }}
              @if (row.cut) {
                <span class="muted">not a whole bucket</span>
              }
              @if (row.note && !row.lacksAll) {
                <span class="muted">{{ row.note }}</span>
              }
            </td>
            @if (row.waiting) {
              <td class="num muted" colspan="4">not read yet</td>
            } @else if (row.lacksAll) {
              <td class="num muted" colspan="4">{{ row.note }}</td>
            } @else {
              <td class="num">{{ num(row.posts) }}</td>
              <td class="num muted">{{ num(row.retweets) }}</td>
              <td class="num muted">{{ num(row.replies) }}</td>
              <td class="num muted">{{ num(row.quotes) }}</td>
            }
          </tr>
        }
      </tbody>
    </table>
  </div>`,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class VolumeTable {
  readonly rows = input.required<readonly VolumeRow[]>();
  readonly timeZone = input.required<string>();
  readonly label = input.required<string>();
  protected readonly newestFirst = computed(() =>
    this.rows()
      .map((row) => ({ ...row, value: row.posts }))
      .map((row) => ({
        ...row,
        label: barLabel(row, this.timeZone()),
        note: missingNote(row),
        lacksAll: lacksAll(row),
      }))
      .reverse(),
  );
  protected readonly num = wholeNumber;
}
