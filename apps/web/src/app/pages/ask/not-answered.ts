import { ChangeDetectionStrategy, Component, computed, inject, output } from '@angular/core';
import { clockTimeWithSeconds, viewerZone } from '../../core/format';
import { AnalysisRun } from '../../data/analysis-run';
import { CaptureFeed } from '../../data/capture-feed';
import { Icon } from '../../ui/icon';

/** The screen of an outage: what is known, and when the question is asked again. */
@Component({
  selector: 'ta-not-answered',
  imports: [Icon],
  templateUrl: './not-answered.html',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class NotAnswered {
  protected readonly run = inject(AnalysisRun);
  readonly #feed = inject(CaptureFeed);
  readonly #zone = viewerZone();
  readonly discard = output();

  protected readonly title = computed(() => {
    const code = this.run.outage()?.code;
    if (code === 'INTERNAL' || code === 'INTERNAL_SERVER_ERROR') return 'The server could not answer';
    if (code !== 'NETWORK') return 'The engine does not answer';
    return navigator.onLine ? 'The server does not answer' : 'You are offline';
  });
  protected readonly attempts = computed(() => {
    const attempts = this.run.outage()?.attempts ?? [];
    const times = attempts.slice(-4).map((at) => clockTimeWithSeconds(at, this.#zone));
    const count = attempts.length === 1 ? 'once' : `${String(attempts.length)} times`;
    return `${count}: ${attempts.length > 4 ? '… ' : ''}${times.join(', ')}`;
  });
  protected readonly capture = computed(() => {
    const capture = this.#feed.capture();
    if (this.#feed.broken() || !capture) return 'Not known: there is no connection.';
    if (capture.problem) return capture.problem;
    return capture.state === 'STOPPED' ? 'Stopped.' : 'Not affected. Posts are stored as usual.';
  });
}
