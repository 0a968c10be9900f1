import { DAY_MS, HOUR_MS, MINUTE_MS, QUARTER_HOUR_MS, SECOND_MS } from './time-units.js';

/** Offset from UTC of an instant, in ms, east positive. */
export type ZoneOffset = (instant: number) => number;

const MAX_ZONE_LENGTH = 64;
const OFFSET = /GMT(?:([+-])(\d{2}):(\d{2})(?::(\d{2}))?)?$/;
/** `+02:00`, `-0330`, `UTC+2`; the plus of an address is read as a space. */
const UTC_OFFSET = /^(?:UTC|GMT)?[-+−\s]\d{1,2}(?::?\d{2})?$/i;
const offsets = new Map<string, ZoneOffset>();
const MAX_ZONES_KEPT = 100;

/** A time zone as somebody wrote it, or one sentence that says what is wrong with it. */
export type ParsedTimeZone =
  { readonly ok: true; readonly timeZone: string } | { readonly ok: false; readonly message: string };

/**
 * Takes names of the IANA time zone database that this runtime knows, and nothing else. `Intl` also takes offsets
 * (`+02:00`); they are refused: an offset does not say when clocks change, and not every runtime takes them.
 */
export function parseTimeZone(text: string): ParsedTimeZone {
  if (isTimeZone(text)) return { ok: true, timeZone: text };
  const message = UTC_OFFSET.test(text)
    ? 'An offset from UTC is not a time zone: it does not say when clocks change. Give an IANA time zone such as Europe/Madrid, or UTC.'
    : 'This is not an IANA time zone such as Europe/Madrid.';
  return { ok: false, message };
}

function isTimeZone(zone: string): boolean {
  if (zone.length > MAX_ZONE_LENGTH || !/^[A-Za-z]/.test(zone)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/**
 * The offsets of a zone, one formatter and one look-up a day: an offset that is the same at both ends of a UTC day is
 * taken to hold throughout, and days on which the clocks change are asked quarter hour by quarter hour.
 * @throws RangeError for an unknown zone.
 */
export function zoneOffset(zone: string): ZoneOffset {
  let offset = offsets.get(zone);
  if (offset === undefined) {
    offset = createZoneOffset(zone);
    if (offsets.size >= MAX_ZONES_KEPT) offsets.clear();
    offsets.set(zone, offset);
  }
  return offset;
}

function createZoneOffset(zone: string): ZoneOffset {
  const formatter = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
  const known = new Map<number, number>();
  const ask: ZoneOffset = (instant) => {
    let value = known.get(instant);
    if (value === undefined) {
      value = parseOffset(formatter.format(instant));
      known.set(instant, value);
    }
    return value;
  };
  let dayKept = Number.NaN;
  let offsetKept: number | null = null;
  return (instant) => {
    const day = Math.floor(instant / DAY_MS);
    if (day !== dayKept) {
      const atStart = ask(day * DAY_MS);
      offsetKept = atStart === ask((day + 1) * DAY_MS) ? atStart : null;
      dayKept = day;
    }
    return offsetKept ?? ask(Math.floor(instant / QUARTER_HOUR_MS) * QUARTER_HOUR_MS);
  };
}

function parseOffset(formatted: string): number {
  const [, sign, hours = '0', minutes = '0', seconds = '0'] = OFFSET.exec(formatted) ?? [];
  const size = Number(hours) * HOUR_MS + Number(minutes) * MINUTE_MS + Number(seconds) * SECOND_MS;
  return sign === '-' ? -size : size;
}
