import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { viewerZone } from '../../core/format';
import type { SourceCoverage } from '../../data/capture-coverage';
import { Panel } from '../../ui/panel';
import { fullSourceName } from './capture-words';
import { dayTicks, stripOf } from './coverage-strip';

/** The last 7 days of each live source: what was captured, and what was not. */
@Component({
  selector: 'ta-coverage-panel',
  imports: [Panel],
  template: `<ta-panel heading="Coverage, last 7 days">
    <p sub class="sub">
      <i class="sw data"></i>captured <i class="sw gap"></i>not captured
      @if (wasOff()) {
        <i class="sw wait"></i>not switched on
      }
    </p>
    @if (rows().length > 0) {
      <div class="cov">
        @for (row of rows(); track row.key) {
          <div class="covrow">
            <span>{{ row.name }}</span>
            <div class="strip" aria-hidden="true">
              @for (part of row.strip.captured; track $index) {
                <i class="on" [style.left.%]="part.left" [style.width.%]="part.width"></i>
              }
              @for (part of row.strip.gaps; track $index) {
                <i
                  class="gapband"
                  [style.left]="'min(' + part.left + '%, 100% - 5px)'"
                  [style.width.%]="part.width"
                ></i>
              }
            </div>
            <span class="num">{{ row.share }}</span>
          </div>
        }
        <div class="covrow" aria-hidden="true">
          <span></span>
          <div class="xaxis">
            @for (tick of ticks(); track tick.left) {
              <span [style.left.%]="tick.left" [class.edge]="tick.left > 91"
                >{{ tick.weekday }}<span class="only-wide">&nbsp;{{ tick.day }}</span></span
              >
            }
          </div>
          <span></span>
        </div>
      </div>
    } @else {
      <p class="nothing">No live source has captured in these days.</p>
    }
  </ta-panel>`,
  host: { class: 's12' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class CoveragePanel {
  readonly coverage = input.required<readonly SourceCoverage[]>();
  /** Epoch ms. */
  readonly now = input.required<number>();
  readonly #zone = viewerZone();
  protected readonly ticks = computed(() => dayTicks(this.now(), this.#zone));
  protected readonly wasOff = computed(() => this.rows().some(({ strip }) => strip.isOffAtTimes));
  protected readonly rows = computed(() =>
    this.coverage().map((each) => ({
      key: each.source,
      name: fullSourceName(each.source),
      strip: stripOf(each, this.now()),
      share: shareText(each.share),
    })),
  );
}

/** Rounded down: only what is whole is 100%. */
function shareText(share: number | null): string {
  if (share === null) return '–';
  return share >= 1 ? '100%' : `${(Math.floor(share * 10_000) / 100).toFixed(2)}%`;
}
