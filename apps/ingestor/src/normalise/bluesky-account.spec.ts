import { describe, expect, it } from 'vitest';
import { normaliseLine } from './normalise-line.js';

const AT = Date.parse('2026-11-20T12:00:00.000Z');

function read(account: unknown, overrides: Record<string, unknown> = {}) {
  const event = { did: 'did:plc:ann', time_us: AT * 1000 + 9, kind: 'account', account, ...overrides };
  const context = { arrivedAt: AT + 1000, path: 'stream', source: null, shiftMs: 0 } as const;
  return normaliseLine(Buffer.from(JSON.stringify(event)), context)[0];
}

describe('events of a Bluesky account', () => {
  it.each([
    [{ active: false, status: 'deleted' }, true, 'deleted'],
    [{ active: false, status: 'takendown' }, true, 'takendown'],
    [{ active: false, status: 'suspended' }, true, 'suspended'],
    [{ active: false, status: 'deactivated' }, true, 'deactivated'],
    [{ active: false }, true, 'deactivated'],
    [{ active: true }, false, 'deactivated'],
  ] as const)('hide or show what it posted: %j', (account, hidden, reason) => {
    const at = '2026-11-20T12:00:00.000Z';
    const row = { source: 'bluesky', author_id: 'did:plc:ann', at, until: at, hidden, reason, countries: null };
    expect(read(account)).toEqual({
      kind: 'removals',
      rows: [{ ...row, ingested_at: '2026-11-20T12:00:01.000Z' }],
    });
  });

  it.each(['throttled', 'desynchronized', 'constructor'])('of the state of a server hide nothing: %s', (status) => {
    expect(read({ active: false, status })?.kind).toBe('not-post');
  });

  it('that cannot be read are dead letters', () => {
    expect(read({ active: 'no' })?.kind).toBe('dead-letter');
    expect(read(null)?.kind).toBe('dead-letter');
    expect(read({ active: false }, { time_us: 'now' })?.kind).toBe('dead-letter');
    expect(read({ active: false }, { did: 'ann' })?.kind).toBe('dead-letter');
  });
});
