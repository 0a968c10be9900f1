import { AppError } from '@analytica/domain';
import type { Source } from '../source.js';
import { openAccount, type XAccountSettings } from './account.js';
import { xFilteredDeclaration, xSampledDeclaration, xSearchDeclaration } from './declaration.js';
import { XAccountState } from './x-account-state.js';
import { createXSearchSource } from './x-search-source.js';
import { createXStreamSource } from './x-stream-source.js';

export interface XSettings extends XAccountSettings {
  readonly X_MAX_POSTS?: number | undefined;
  readonly X_MAX_DOLLARS?: number | undefined;
  readonly X_DOLLARS_PER_POST: number;
}

export interface XSearchSettings extends XSettings {
  readonly BACKFILL_DAYS: number;
  readonly X_REFILL_MAX_POSTS?: number | undefined;
}

/** Makes the sources of the X API. Those that it makes share their account: what one reads counts for all. */
export class XSources {
  #state: XAccountState | null = null;

  /** Posts that match the rules of the account. @throws AppError `CONFIG_INVALID` without a usable token. */
  filtered(settings: XSettings, now: () => number): Source {
    const { name } = xFilteredDeclaration;
    const state = this.#open(name, settings, now);
    return warned(state, createXStreamSource({ name, path: '/2/tweets/search/stream', state, hasRules: true, now }));
  }

  /** One post in a hundred. @throws AppError `CONFIG_INVALID` without a usable token. */
  sampled(settings: XSettings, now: () => number): Source {
    const { name } = xSampledDeclaration;
    const state = this.#open(name, settings, now);
    return warned(state, createXStreamSource({ name, path: '/2/tweets/sample/stream', state, hasRules: false, now }));
  }

  /**
   * The days before, and what the filtered stream missed.
   * @throws AppError `CONFIG_INVALID` without anything to search for.
   */
  search(settings: XSearchSettings): (now: () => number) => Source {
    const { BACKFILL_DAYS: backfillDays, X_REFILL_MAX_POSTS: refillMaxPosts = null } = settings;
    const { name } = xSearchDeclaration;
    if (backfillDays === 0 && refillMaxPosts === null) {
      throw new AppError(
        'CONFIG_INVALID',
        `${name} has nothing to do: set BACKFILL_DAYS, X_REFILL_MAX_POSTS, or both.`,
      );
    }
    return (now) => {
      const state = this.#open(name, settings, now);
      const refills = xFilteredDeclaration.name;
      return warned(state, createXSearchSource({ name, refills, state, backfillDays, refillMaxPosts, now }));
    };
  }

  #open(name: string, settings: XSettings, now: () => number): XAccountState {
    const limits = {
      maxPosts: settings.X_MAX_POSTS ?? null,
      maxDollars: settings.X_MAX_DOLLARS ?? null,
      dollarsPerPost: settings.X_DOLLARS_PER_POST,
    };
    return (this.#state ??= new XAccountState(openAccount(name, settings), limits, now));
  }
}

/** The account warns of what its sources use together. */
function warned(state: XAccountState, source: Source): Source {
  return Object.assign(source, { warning: () => state.warning });
}
