import { describe, expect, it } from 'vitest';
import { QUARTER_HOUR_MS } from './time-units.js';
import { parseTimeZone, zoneOffset } from './time-zone.js';

describe('parseTimeZone', () => {
  it.each(['UTC', 'Europe/Rome', 'Asia/Kathmandu', 'America/Argentina/Buenos_Aires', 'Etc/GMT+5'])(
    'takes %s',
    (zone) => {
      expect(parseTimeZone(zone)).toEqual({ ok: true, timeZone: zone });
    },
  );
  it.each(['', 'Mars/Base', 'Europe/Rome; DROP', 'x'.repeat(1_000), 'constructor'])('does not know %s', (zone) => {
    expect(parseTimeZone(zone)).toEqual({
      ok: false,
      message: expect.stringMatching(/^This is not an IANA/) as string,
    });
  });
  it.each(['+02:00', '-03:30', '+0530', '+05', '−05:00', ' 02:00', 'UTC+2', 'GMT-03:00'])(
    'refuses the offset %s',
    (zone) => {
      expect(parseTimeZone(zone)).toEqual({
        ok: false,
        message: expect.stringMatching(/^An offset from UTC/) as string,
      });
    },
  );
});

describe('zoneOffset', () => {
  it('agrees with the clock of the zone at every quarter hour around a change', () => {
    for (const zone of [
      'Europe/Rome',
      'Australia/Lord_Howe',
      'America/St_Johns',
      'Africa/Cairo',
      'Asia/Kathmandu',
      'UTC',
    ]) {
      const clock = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
      const offset = zoneOffset(zone);
      for (const month of [2, 3, 9, 10]) {
        for (let t = Date.UTC(2026, month, 1); t < Date.UTC(2026, month, 31); t += QUARTER_HOUR_MS) {
          if (Date.parse(`${clock.format(t).replace(' ', 'T')}Z`) !== t + offset(t)) {
            expect.fail(`${zone} ${new Date(t).toISOString()}: ${offset(t)}`);
          }
        }
      }
    }
  });
});
