import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { clockTimeWithSeconds, countOf, durationText, oneDecimal, viewerZone } from '../../core/format';
import type { SourceStatus } from '../../data/capture-detail';
import { Panel } from '../../ui/panel';
import { RateBars } from '../../ui/rate-bars';
import { STATE_WORDS, sourceWords } from './capture-words';

/** Full seconds that a rate is the mean of. */
const RATE_OF_SECONDS = 10;
const NONE = '–';

/** Each source that is switched on: what it does, how fast, and how far it is behind. */
@Component({
  selector: 'ta-sources-panel',
  imports: [Panel, RateBars],
  templateUrl: './sources-panel.html',
  host: { class: 's12' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class SourcesPanel {
  readonly sources = input.required<readonly SourceStatus[]>();
  readonly nothing = input('');
  readonly #zone = viewerZone();
  protected readonly rows = computed(() => this.sources().map((source) => this.#row(source)));

  #row({ name, state, lagMs, perSecond, connection, rules }: SourceStatus) {
    const words = sourceWords(name);
    const seconds = perSecond.slice(-RATE_OF_SECONDS - 1, -1);
    // How far it was behind when its connection broke says nothing of now.
    const isCut = connection !== null && connection.since === null;
    const isConnected = state === 'LIVE' && connection === null ? { text: 'Running', dot: '' } : STATE_WORDS[state];
    return {
      key: name,
      name: words.name,
      detail: rules === null ? words.detail : `${words.detail}, ${countOf(rules.length, 'rule')}`,
      state: isConnected,
      rate: oneDecimal(seconds.reduce((sum, posts) => sum + posts, 0) / Math.max(1, seconds.length)),
      perSecond,
      behind: lagMs === null || isCut ? NONE : durationText(lagMs),
      lastPost: connection?.lastPostAt ? clockTimeWithSeconds(Date.parse(connection.lastPostAt), this.#zone) : NONE,
      host: connection?.host ?? NONE,
    };
  }
}
