import { describe, expect, it } from 'vitest';
import { countReasons, reasonOf } from './dead-letter-reasons.js';

const letters = (...reasons: string[]) => reasons.map((reason) => ({ reason }));

describe('reasonOf', () => {
  it.each([
    ['not JSON: Unexpected token < in JSON at position 0', 'not JSON'],
    ['not valid UTF-8 (the first 1048576 of 9999999 bytes kept)', 'not valid UTF-8'],
    ['created_at is before 2006', 'created_at is before 2006'],
    ['no author: user.id_str is missing or not an id', 'no author'],
    ['', ''],
    ['x'.repeat(200), 'x'.repeat(80)],
  ])('"%s" is one of "%s"', (reason, general) => {
    expect(reasonOf(reason)).toBe(general);
  });
});

describe('countReasons', () => {
  it('adds to the counters before, which stay as they are', () => {
    const before = { 'not JSON': 2 };
    expect(countReasons(before, letters('not JSON: a', 'not JSON: b', 'no author: c'))).toEqual({
      'not JSON': 4,
      'no author': 1,
    });
    expect(before).toEqual({ 'not JSON': 2 });
    expect(countReasons(before, [])).toBe(before);
  });

  it('loses none, however many reasons there are', () => {
    const many = Array.from({ length: 100 }, (_, n) => `reason ${String(n)}`);
    const counts = countReasons(countReasons({}, letters(...many)), letters(...many));
    expect(Object.keys(counts).length).toBeLessThanOrEqual(21);
    expect(Object.values(counts).reduce((sum, count) => sum + count)).toBe(200);
  });

  it('takes names that objects have for what they are', () => {
    expect(Object.entries(countReasons({}, letters('__proto__', 'constructor', '__proto__')))).toEqual([
      ['__proto__', 2],
      ['constructor', 1],
    ]);
  });
});
