import { describe, expect, it } from 'vitest';
import { redisKeyPrefix } from './redis-names.js';

describe('redisKeyPrefix', () => {
  it.each([
    ['ta:', '{ta}:'],
    ['ta', '{ta}'],
    ['ta-1f2e3d4c:', '{ta-1f2e3d4c}:'],
    ['team.ta:', '{team.ta}:'],
    ['team:ta:', '{team:ta}:'],
    ['', '{ta}'],
    [':', '{ta}:'],
    ['{ta}:', '{ta}:'],
    ['team:{ta}:', 'team:{ta}:'],
  ])('of %j is %j', (prefix, used) => {
    expect(redisKeyPrefix(prefix)).toBe(used);
    expect(redisKeyPrefix(used)).toBe(used);
  });
});
