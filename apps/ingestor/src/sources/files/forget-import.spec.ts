import { expect, it } from 'vitest';
import { forgetImport } from './forget-import.js';

const place = { job: 'j', file: 1, record: 7, shiftMs: 5 };

it('forgets the replay of a removed import, rewinds other replays, and leaves other sources alone', () => {
  const cursors = {
    removed: { ...place, import: 'june' },
    other: { ...place, import: 'july' },
    before: place,
    demo: { t: 5, record: 7 },
  };
  expect(forgetImport(cursors, 'june')).toEqual({
    other: { job: 'j', import: 'july', file: 0, record: 0, shiftMs: 5 },
    demo: cursors.demo,
  });
});
