import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { dateAndTime, lengthText, viewerZone, wholeNumber } from '../../core/format';
import type { SourceCoverage } from '../../data/capture-coverage';
import { Panel } from '../../ui/panel';
import { CAUSE_WORDS, fullSourceName } from './capture-words';

/** Rows at most; the newest are shown. */
const MOST_ROWS = 50;

/** Times in which a source that was switched on captured nothing, with the cause. */
@Component({
  selector: 'ta-gaps-panel',
  imports: [Panel],
  template: `<ta-panel heading="Gaps" sub="Of the last 7 days">
    @if (rows().length > 0) {
      <table class="lt gaps">
        <colgroup>
          <col />
          <col class="c-lasted" />
          <col class="only-wide c-source" />
          <col class="only-wide c-cause" />
          <col class="c-missed" />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">From</th>
            <th scope="col" class="num">Lasted</th>
            <th scope="col" class="only-wide">Source</th>
            <th scope="col" class="only-wide">Cause</th>
            <th scope="col" class="num">Posts missed</th>
          </tr>
        </thead>
        <tbody>
          @for (row of rows(); track row.key) {
            <tr>
              <td>
                {{ row.from }}<span class="only-narrow muted two">{{ row.source }} · {{ row.cause }}</span>
              </td>
              <td class="num">{{ row.lasted }}</td>
              <td class="only-wide">{{ row.source }}</td>
              <td class="only-wide">{{ row.cause }}</td>
              <td class="num">{{ row.missed }}</td>
            </tr>
          }
        </tbody>
      </table>
    } @else {
      <p class="nothing">
        {{ coverage().length > 0 ? 'Nothing is missing.' : 'No live source has captured in these days.' }}
      </p>
    }
  </ta-panel>`,
  host: { class: 's7' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class GapsPanel {
  readonly coverage = input.required<readonly SourceCoverage[]>();
  /** Epoch ms. */
  readonly now = input.required<number>();
  readonly #zone = viewerZone();
  protected readonly rows = computed(() =>
    this.coverage()
      .flatMap(({ source, gaps }) => gaps.map((gap) => ({ source, ...gap })))
      .toSorted((a, b) => Date.parse(b.from) - Date.parse(a.from))
      .slice(0, MOST_ROWS)
      .map(({ source, from, to, cause, isRefilled, refilled, missedPosts }) => {
        const length = (to === null ? this.now() : Date.parse(to)) - Date.parse(from);
        return {
          key: `${source} ${from}`,
          from: dateAndTime(Date.parse(from), this.#zone),
          lasted: to === null ? `${lengthText(length)} so far` : lengthText(length),
          source: fullSourceName(source),
          cause: CAUSE_WORDS[cause],
          missed: missedText(isRefilled, refilled, missedPosts),
        };
      }),
  );
}

function missedText(isRefilled: boolean, refilled: number, missed: number | null): string {
  if (isRefilled) return `0, ${wholeNumber(refilled)} recovered`;
  const recovered = refilled === 0 ? '' : `, ${wholeNumber(refilled)} recovered`;
  return missed === null ? `not known${recovered}` : `≈ ${wholeNumber(missed)}${recovered}`;
}
