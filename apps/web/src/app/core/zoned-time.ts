import { DAY_MS } from '@analytica/domain';

// Between instants and the values of a `datetime-local` input ("2026-11-16T14:32") in a zone.

function wallClock(at: number, timeZone: string): number {
  const p = Object.fromEntries(
    new Intl.DateTimeFormat('en-GB', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    })
      .formatToParts(at)
      .map((part) => [part.type, Number(part.value)]),
  ) as Record<string, number>;
  return Date.UTC(p['year'] ?? 0, (p['month'] ?? 1) - 1, p['day'], p['hour'], p['minute'], p['second']);
}

/** The value a `datetime-local` input shows for an instant in a zone, to the minute. */
export function toLocalInput(at: number, timeZone: string): string {
  return new Date(wallClock(at, timeZone)).toISOString().slice(0, 16);
}

/**
 * The instant at which the clocks of a zone show `value`, epoch ms; null if `value` is no time. An hour that comes twice
 * gives its first instant; one that is skipped gives the time after the change.
 */
export function fromLocalInput(value: string, timeZone: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?$/.test(value)) return null;
  const wall = Date.parse(`${value}Z`);
  if (Number.isNaN(wall)) return null;
  const early = wall - (wallClock(wall - DAY_MS, timeZone) - (wall - DAY_MS));
  const late = wall - (wallClock(wall + DAY_MS, timeZone) - (wall + DAY_MS));
  for (const candidate of [Math.min(early, late), Math.max(early, late)]) {
    if (wallClock(candidate, timeZone) === wall) return candidate;
  }
  return Math.max(early, late);
}
