import { fromLocalInput, toLocalInput } from './zoned-time';

describe('times of a zone', () => {
  it('come back as they went in', () => {
    const at = Date.UTC(2026, 6, 1, 12, 30);
    for (const zone of ['UTC', 'Europe/Rome', 'America/St_Johns', 'Asia/Kathmandu', 'Pacific/Chatham']) {
      expect(fromLocalInput(toLocalInput(at, zone), zone)).toBe(at);
    }
  });
  it('take the first of an hour that comes twice and step over one that is skipped', () => {
    // Rome: 25 Oct 2026, 03:00 summer time becomes 02:00; 29 Mar 2026, 02:00 becomes 03:00.
    expect(fromLocalInput('2026-10-25T02:30', 'Europe/Rome')).toBe(Date.UTC(2026, 9, 25, 0, 30));
    expect(fromLocalInput('2026-03-29T02:30', 'Europe/Rome')).toBe(Date.UTC(2026, 2, 29, 1, 30));
    expect(fromLocalInput('2026-10-25T03:30', 'Europe/Rome')).toBe(Date.UTC(2026, 9, 25, 2, 30));
  });
  it('refuse what is no time', () => {
    expect(fromLocalInput('', 'UTC')).toBeNull();
    expect(fromLocalInput('2026-13-01T00:00', 'UTC')).toBeNull();
  });
});
