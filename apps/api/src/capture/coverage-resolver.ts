import { DAY_MS } from '@analytica/domain';
import { ResolveField, Resolver } from '@nestjs/graphql';
import { Snapshots } from '../lake/snapshots.js';
import { CaptureModel } from './capture-model.js';
import { CaptureCoverageModel } from './coverage-model.js';
import { coverageViews } from './coverage-view.js';

const SHOWN_MS = 7 * DAY_MS;

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
    // A lake that is not there yet has no coverage.
    const snapshot = await this.#snapshots.take().catch(() => null);
    if (snapshot === null) return [];
    const to = Date.now();
    return coverageViews(snapshot.manifest, { from: to - SHOWN_MS, to });
  }
}
