import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { type IsActiveMatchOptions, RouterLink, RouterLinkActive } from '@angular/router';
import { oneDecimal, wholeNumber } from './core/format';
import { type Theme, ThemeService } from './core/theme';
import { CaptureFeed } from './data/capture-feed';
import { Icon, type IconName } from './ui/icon';
import { RateBars } from './ui/rate-bars';

const THEMES: Record<Theme, { icon: IconName; label: string }> = {
  system: { icon: 'system', label: 'Theme: as the system. Change to light' },
  light: { icon: 'sun', label: 'Theme: light. Change to dark' },
  dark: { icon: 'moon', label: 'Theme: dark. Change to the system’s' },
};

/** A link is that of the page, whatever is asked there. */
const THIS_PAGE: IsActiveMatchOptions = {
  paths: 'exact',
  queryParams: 'ignored',
  matrixParams: 'ignored',
  fragment: 'ignored',
};

/** The header of every page: the name, what is being captured now, and the theme. */
@Component({
  selector: 'ta-header',
  imports: [Icon, RateBars, RouterLink, RouterLinkActive],
  templateUrl: './app-header.html',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class AppHeader {
  readonly #feed = inject(CaptureFeed);
  protected readonly THIS_PAGE = THIS_PAGE;
  /** The menu of a narrow window. */
  protected readonly menuOpen = signal(false);
  protected readonly themes = inject(ThemeService);
  protected readonly theme = computed(() => THEMES[this.themes.theme()]);
  protected readonly rates = this.#feed.recentRates;
  protected readonly demo = computed(() => this.#feed.capture()?.demo === true);
  protected readonly state = computed<{ dot: string; verb: string; figure: string; unit: string } | null>(() => {
    const capture = this.#feed.capture();
    if (!capture) return this.#feed.broken() ? { dot: 'bad', verb: 'No connection', figure: '', unit: '' } : null;
    const rate = { figure: oneDecimal(this.#feed.rate()), unit: 'posts/s' };
    if (this.#feed.broken()) return { dot: 'bad', verb: 'No connection', figure: '', unit: '' };
    switch (capture.state) {
      case 'LIVE':
        return { dot: capture.problem ? 'warn' : '', verb: 'Capturing', ...rate };
      case 'FILLING':
        return { dot: 'warn', verb: 'Filling', figure: `${wholeNumber((capture.progress ?? 0) * 100)}%`, unit: '' };
      case 'REPLAYING':
        return { dot: 'warn', verb: 'Replaying', figure: `${wholeNumber((capture.progress ?? 0) * 100)}%`, unit: '' };
      case 'STARTING':
        return { dot: 'warn', verb: 'Starting', figure: '', unit: '' };
      case 'IDLE':
        return { dot: 'warn', verb: 'Not capturing', figure: '', unit: '' };
      case 'STOPPED':
        return { dot: 'bad', verb: 'Capture has stopped', figure: '', unit: '' };
      case 'UNKNOWN':
        return { dot: 'warn', verb: 'Capture unknown', figure: '', unit: '' };
    }
  });
}
