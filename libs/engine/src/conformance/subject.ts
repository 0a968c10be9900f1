import type { AnalysisEngine } from '../analysis-engine.js';
import type { PrepareLake } from './fixture.js';

/** The engine under test and its lakes, as the cases see them. */
export interface Subject {
  readonly engine: AnalysisEngine;
  readonly prepareLake: PrepareLake;
}
