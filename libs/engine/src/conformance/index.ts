export {
  byArrivalHour,
  fixturePost,
  fixtureTombstone,
  type FixtureRows,
  type PostFacts,
  type PrepareLake,
} from './fixture.js';
export { LocalFixtureLakes } from './local-fixture-lake.js';
export { engineConformance, type ConformanceHelpers } from './suite.js';
