import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { MINUTE_MS } from '@analytica/domain';
import { Title } from '@angular/platform-browser';
import { newestPostTime } from '../../core/captured-span';
import { Clock } from '../../core/clock';
import { ageText, clockTimeWithSeconds, viewerZone } from '../../core/format';
import { CaptureCoverage } from '../../data/capture-coverage';
import { CaptureDetail, type CaptureStatus } from '../../data/capture-detail';
import { AccountingPanel } from './accounting-panel';
import { adviceOn } from './advice';
import { AdviceList } from './advice-list';
import { CoveragePanel } from './coverage-panel';
import { DeadLettersPanel } from './dead-letters-panel';
import { GapsPanel } from './gaps-panel';
import { RulesPanel } from './rules-panel';
import { SourcesPanel } from './sources-panel';
import { StoragePanel } from './storage-panel';

/** Whether capture is well, and everything that it says of itself. */
@Component({
  selector: 'ta-capture-page',
  imports: [
    AccountingPanel,
    AdviceList,
    CoveragePanel,
    DeadLettersPanel,
    GapsPanel,
    RulesPanel,
    SourcesPanel,
    StoragePanel,
  ],
  templateUrl: './capture-page.html',
  providers: [CaptureCoverage, CaptureDetail],
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class CapturePage {
  readonly #detail = inject(CaptureDetail);
  readonly #clock = inject(Clock);
  readonly #zone = viewerZone();
  protected readonly status = this.#detail.status;
  protected readonly broken = this.#detail.broken;
  readonly #coverage = inject(CaptureCoverage);
  protected readonly coverage = this.#coverage.coverage;
  /** That the server does not answer at all is said already. */
  protected readonly coverageUnknown = computed(() => this.#coverage.failed() && !this.broken());
  protected readonly now = this.#clock.now;
  /** Strips of 7 days need no finer time. */
  protected readonly minute = computed(() => Math.floor(this.#clock.now() / MINUTE_MS) * MINUTE_MS + MINUTE_MS);
  protected readonly advice = computed(() => adviceOn(this.status(), this.broken()));
  /** Nothing is known of the counters while the ingestor is silent. */
  protected readonly reports = computed(() => this.status() !== null && this.status()?.state !== 'UNKNOWN');
  protected readonly updated = computed(() => {
    const at = this.#detail.updatedAt();
    return at === null ? '' : `Updated ${clockTimeWithSeconds(at, this.#zone)}`;
  });
  protected readonly headline = computed<{ dot: string; text: string }>(() => {
    const status = this.status();
    if (status === null) return { dot: 'warn', text: this.broken() ? 'No connection to the server.' : 'Asking …' };
    if (this.broken()) return { dot: 'bad', text: 'No connection to the server.' };
    const isWell = this.advice().length === 0;
    return { dot: isWell ? '' : status.state === 'LIVE' ? 'warn' : dotOf(status), text: this.#sentence(status) };
  });
  protected readonly noSources = computed(() =>
    this.reports()
      ? 'No source is switched on.'
      : 'Which sources there are is not known while the capture process does not report.',
  );

  constructor() {
    inject(Title).setTitle('Capture · Twitter Analytica');
  }

  #sentence(status: CaptureStatus): string {
    const percent = `${String(Math.round((status.progress ?? 0) * 100))}%`;
    switch (status.state) {
      case 'LIVE': {
        const newest = newestPostTime(status);
        if (newest === null) return 'Capturing. No post has come yet.';
        return `Capturing. The newest stored post is ${ageText(newest, this.#clock.now())} old.`;
      }
      case 'FILLING':
        return `Filling with the posts of the last days: ${percent}.`;
      case 'REPLAYING':
        return `Reading files: ${percent}.`;
      case 'STARTING':
        return 'Starting. No post has come yet.';
      case 'IDLE':
        return 'Nothing is being captured.';
      case 'STOPPED':
        return 'Capture has stopped.';
      case 'UNKNOWN':
        return 'Whether anything is captured is not known.';
    }
  }
}

function dotOf({ state }: CaptureStatus): string {
  return state === 'STOPPED' || state === 'UNKNOWN' ? 'bad' : 'warn';
}
