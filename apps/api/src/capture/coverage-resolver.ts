import { AppError, DAY_MS } from '@analytica/domain';
import type { Snapshot } from '@analytica/lake';
import { Args, Int, ResolveField, Resolver } from '@nestjs/graphql';
import { DateTime } from '../graphql/date-time-scalar.js';
import { Snapshots } from '../lake/snapshots.js';
import { CaptureModel } from './capture-model.js';
import { CaptureCoverageModel } from './coverage-model.js';
import { coverageViews, gapsIn } from './coverage-view.js';
import { GapModel } from './gap-model.js';

const SHOWN_MS = 7 * DAY_MS;
const MAX_GAPS_ASKED = 500;

/** When capture captured, as the lake lists it. */
@Resolver(() => CaptureModel)
export class CoverageResolver {
  readonly #snapshots: Snapshots;

  constructor(snapshots: Snapshots) {
    this.#snapshots = snapshots;
  }

  @ResolveField(() => [CaptureCoverageModel], {
    description: 'When each live source captured, in the last 7 days, as the lake lists it',
  })
  async coverage(): Promise<readonly CaptureCoverageModel[]> {
    const snapshot = await this.#snapshot();
    const to = Date.now();
    return snapshot === null ? [] : coverageViews(snapshot.manifest, { from: to - SHOWN_MS, to });
  }

  @ResolveField(() => [GapModel], {
    description: 'Gaps of all sources, the newest first; of an interval where one is given. At most 500 at once',
  })
  async gaps(
    @Args('first', { type: () => Int, defaultValue: 100 }) first: number,
    @Args('from', { type: () => DateTime, nullable: true }) from?: number | null,
    @Args('to', { type: () => DateTime, nullable: true }) to?: number | null,
  ): Promise<readonly GapModel[]> {
    if (first < 1 || first > MAX_GAPS_ASKED) {
      throw new AppError('BAD_USER_INPUT', `first is from 1 to ${String(MAX_GAPS_ASKED)}.`);
    }
    const snapshot = await this.#snapshot();
    const interval = { from: from ?? -Infinity, to: to ?? Infinity };
    return gapsIn(snapshot?.manifest.coverage?.gaps ?? [], interval).slice(0, first);
  }

  /** Null while there is no lake: that has no coverage. A lake that cannot be read is an error, and not one without gaps. */
  #snapshot(): Promise<Snapshot | null> {
    return this.#snapshots.take().catch((error: unknown) => {
      if (error instanceof AppError && error.code === 'LAKE_EMPTY') return null;
      throw error;
    });
  }
}
