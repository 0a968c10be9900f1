import { engineText } from './engines';

describe('engineText', () => {
  it('says which engine answers, and whether the size of the data decided', () => {
    expect(engineText({ engine: 'EMBEDDED', engineChoice: 'EMBEDDED' })).toBe('DuckDB');
    expect(engineText({ engine: 'CLUSTER', engineChoice: 'CLUSTER' })).toBe('Spark cluster');
    expect(engineText({ engine: 'CLUSTER', engineChoice: 'AUTO' })).toBe('Spark cluster, by size of the data');
  });
});
