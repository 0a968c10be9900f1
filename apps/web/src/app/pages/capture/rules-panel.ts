import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { countOf, shortDate, viewerZone, wholeNumber } from '../../core/format';
import type { SourceStatus } from '../../data/capture-detail';
import { Panel } from '../../ui/panel';
import { usageShare } from './advice';
import { fullSourceName } from './capture-words';

/** What sources with rules select posts by, and what they have used of the month. */
@Component({
  selector: 'ta-rules-panel',
  imports: [Panel],
  templateUrl: './rules-panel.html',
  host: { class: 's12' },
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class RulesPanel {
  readonly sources = input.required<readonly SourceStatus[]>();
  readonly #zone = viewerZone();
  protected readonly shown = computed(() =>
    this.sources()
      .filter(({ rules, usage }) => rules !== null || usage !== null)
      .map(({ name, rules, usage }) => ({
        key: name,
        name: fullSourceName(name),
        rules: rules ?? [],
        hasRules: rules !== null,
        usage: usage && this.#usage(usage),
      })),
  );

  #usage(usage: NonNullable<SourceStatus['usage']>) {
    const { posts, maxPosts, dollars, maxDollars, resetsAt } = usage;
    const ofPosts = maxPosts === null ? '' : ` of ${wholeNumber(maxPosts)}`;
    const ofDollars = maxDollars === null ? '' : ` of $${maxDollars.toFixed(2)}`;
    const share = usageShare(usage);
    return {
      text: `${wholeNumber(posts)}${ofPosts} posts, $${dollars.toFixed(2)}${ofDollars}`,
      until: `until ${shortDate(Date.parse(resetsAt), this.#zone)}`,
      width: `${String(Math.min(100, 100 * share))}%`,
      isLimited: maxPosts !== null || maxDollars !== null,
    };
  }

  protected countOfRules(count: number): string {
    return countOf(count, 'rule');
  }
}
