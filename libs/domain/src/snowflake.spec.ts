import { describe, expect, it } from 'vitest';
import { LAST_ID_WITHOUT_TIME, snowflakeId, snowflakeTime } from './snowflake.js';

describe('snowflakeTime', () => {
  it('is the time that X states of the same post', () => {
    // `id_str` and `timestamp_ms` of a tweet of 2019.
    expect(snowflakeTime('1146304818337722368')).toBe(1_562_135_340_662);
  });

  it('is null for an id of before snowflakes', () => {
    expect(snowflakeTime('20')).toBeNull();
    expect(snowflakeTime(String(LAST_ID_WITHOUT_TIME))).toBeNull();
    expect(snowflakeTime(String(LAST_ID_WITHOUT_TIME + 1))).not.toBeNull();
  });
});

describe('snowflakeId', () => {
  it('is the id whose time it is, to the millisecond', () => {
    const time = Date.UTC(2026, 2, 29, 1, 2, 3, 456);
    expect(snowflakeTime(snowflakeId(time))).toBe(time);
    expect(snowflakeTime(snowflakeId(time, 2 ** 22 - 1))).toBe(time);
    expect(BigInt(snowflakeId(time, 7)) - BigInt(snowflakeId(time))).toBe(7n);
  });
});
