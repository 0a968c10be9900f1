import { afterAll, beforeAll, describe } from 'vitest';
import type { AnalysisEngine } from '../analysis-engine.js';
import { tellWithheld } from '../withheld-engine.js';
import { deleteCases } from './delete-cases.js';
import type { PrepareLake } from './fixture.js';
import { figureCases } from './figure-cases.js';
import { identityCases } from './identity-cases.js';
import { propertyCases } from './property-cases.js';
import { runCases } from './run-cases.js';
import type { Subject } from './subject.js';
import { topicCases } from './topic-cases.js';
import { withheldCases } from './withheld-cases.js';

/** Where a suite runs: made once for all its cases. */
export interface ConformanceHelpers {
  /** Stores rows where the engine reads them. */
  readonly prepareLake: PrepareLake;
  /** Frees what `prepareLake` made. */
  readonly remove: () => Promise<void>;
  /** How many random lakes the property test tries; each is asked several topics. */
  readonly randomLakes?: number;
  /**
   * Another run of the suite has the same engine, which only counts in another way: what is found by topics and told of withheld
   * posts is left out, since both are the same then. Default false.
   */
  readonly isOtherWay?: boolean;
  /** How long a case may take, in ms. Default two minutes. */
  readonly timeoutMs?: number;
}

/**
 * Declares the vitest cases that every engine must pass: figures, lists, order, progress, cancellation and pages are compared
 * with a plain reading of docs/counting.md.
 */
export function engineConformance(
  name: string,
  createEngine: () => Promise<AnalysisEngine>,
  helpers: ConformanceHelpers,
): void {
  const timeout = helpers.timeoutMs ?? 120_000;
  describe(`${name} counts by docs/counting.md`, { timeout }, () => {
    let engine: AnalysisEngine | undefined;
    beforeAll(async () => {
      // As every worker has it.
      engine = tellWithheld(await createEngine());
    }, timeout);
    afterAll(async () => {
      await engine?.close();
      await helpers.remove();
    }, 60_000);
    const subject: Subject = {
      get engine() {
        if (engine === undefined) throw new Error('The engine was not created.');
        return engine;
      },
      prepareLake: helpers.prepareLake,
    };
    figureCases(subject);
    identityCases(subject);
    deleteCases(subject);
    if (helpers.isOtherWay !== true) {
      withheldCases(subject);
      topicCases(subject);
    }
    runCases(subject);
    propertyCases(subject, helpers.randomLakes ?? 12);
  });
}
