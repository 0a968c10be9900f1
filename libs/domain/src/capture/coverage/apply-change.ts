import type { Coverage, CoverageChange, SourceCoverage } from '../../contracts/coverage.js';
import type { Gap } from '../../contracts/gap.js';
import { SECOND_MS } from '../../time-units.js';
import { boundGaps } from './bound.js';
import { carve, openGap, refill, tidied } from './gap-rows.js';
import { cutTo, lengthOf, spanOf, without } from './spans.js';

/** A source that begins further back than this gives again what happened since; one that is nearer is on its way to now. */
const LAG_MS = 10 * SECOND_MS;

type Began = Extract<CoverageChange, { type: 'began' }>;
type Reached = Extract<CoverageChange, { type: 'reached' }>;
type Ended = Extract<CoverageChange, { type: 'ended' }>;
type Missed = Extract<CoverageChange, { type: 'missed' }>;

/** One source with its own gaps, oldest first. */
interface Known {
  readonly source: SourceCoverage;
  readonly gaps: readonly Gap[];
}

/** What is known after a change (counting.md, rule 29). A change that is in already changes nothing. */
export function applyChange(coverage: Coverage, change: CoverageChange): Coverage {
  if (change.seq <= coverage.seq) return coverage;
  const isOwn = ({ source }: { readonly source: string }): boolean => source === change.source;
  const source = coverage.sources.find(isOwn);
  const known = source === undefined ? null : { source, gaps: coverage.gaps.filter(isOwn) };
  const next = changed(known, change);
  const place = coverage.sources.findIndex(isOwn);
  const sources = [...coverage.sources];
  sources.splice(place === -1 ? sources.length : place, place === -1 ? 0 : 1, ...(next === null ? [] : [next.source]));
  const others = coverage.gaps.filter((gap) => !isOwn(gap));
  const gaps = [...others, ...tidied(next?.gaps ?? [])].sort((a, b) => a.from - b.from);
  return { ...coverage, seq: change.seq, sources, gaps: boundGaps(gaps) };
}

/** What is known after several changes, in order. */
export function applyChanges(coverage: Coverage, changes: readonly CoverageChange[]): Coverage {
  return changes.reduce(applyChange, coverage);
}

function changed(known: Known | null, change: CoverageChange): Known | null {
  switch (change.type) {
    case 'began':
      return began(known, change);
    case 'reached':
      return reached(known, change);
    case 'ended':
      return ended(known, change);
    case 'missed':
      return missed(known, change);
    case 'refilled':
      return known === null ? null : { ...known, gaps: refill(known.gaps, change, change.posts) };
    case 'switched-off':
      return known === null ? null : switchedOff(known);
  }
}

function began(
  known: Known | null,
  { source: name, at, arrivedAt }: Pick<Began, 'source' | 'at' | 'arrivedAt'>,
): Known {
  if (known === null || (isOff(known) && at > known.source.reached)) return switchedOn(known, name, at);
  // The platform gives again what happened while the source was switched off: it counts as if it had been on.
  const { source, gaps } = isOff(known) ? reopened(known) : known;
  const open = openGap(gaps);
  const end = open?.from ?? source.reached;
  const cause = open?.cause ?? 'DISCONNECTED';
  const row = (from: number, to: number): Gap => ({ source: name, from, to, cause, status: 'CLOSED', refilled: 0 });
  const rest = gaps.filter((gap) => gap !== open);
  const closeAt = (to: number): Gap[] => (open === undefined ? rest : [...rest, { ...open, to, status: 'CLOSED' }]);
  if (at <= end) {
    const missing = closeAt(Math.max(arrivedAt, end));
    const again = { from: at, to: Math.max(at, arrivedAt) };
    const replaying = missing
      .filter(({ status }) => status === 'CLOSED')
      .flatMap((gap) => cutTo(spanOf(gap), again) ?? []);
    return { source: { ...source, place: at, replaying }, gaps: missing };
  }
  const missing = open === undefined ? [...carve(rest, { from: end, to: at }), row(end, at)] : closeAt(at);
  const late = arrivedAt - at > LAG_MS ? { from: at, to: arrivedAt } : null;
  return {
    source: { ...source, reached: at, place: at, replaying: late === null ? [] : [late] },
    gaps: late === null ? missing : [...carve(missing, late), row(late.from, late.to)],
  };
}

function reached(before: Known | null, { stored, ...change }: Reached): Known {
  // A source that says so without having begun has begun there.
  const isOn = before !== null && !isOff(before) && openGap(before.gaps) === undefined;
  const known = isOn ? before : began(before, change);
  const { source } = known;
  const past = { from: -Infinity, to: change.at };
  const given = source.replaying.flatMap((span) => cutTo(span, past) ?? []);
  // The posts came of what was missed and of what happened since: taken to lie evenly in time.
  const posts = Math.max(0, stored - source.stored);
  const length = change.at - (given[0]?.from ?? -Infinity);
  let gaps = known.gaps;
  for (const span of given) gaps = refill(gaps, span, Math.round((posts * lengthOf([span])) / length));
  return {
    source: {
      ...source,
      reached: Math.max(source.reached, change.at),
      place: Math.max(source.place, change.at),
      stored,
      replaying: source.replaying.flatMap((span) => without(span, [past])),
    },
    gaps,
  };
}

function ended(before: Known | null, change: Ended): Known {
  const { source: name, at, cause, arrivedAt } = change;
  const row = { source: name, cause, refilled: 0 } as const;
  if (before === null || isOff(before)) {
    const on = switchedOn(before, name, Math.max(at, before?.source.reached ?? 0));
    return { ...on, gaps: [...on.gaps, { ...row, from: on.source.reached, to: null, status: 'OPEN' }] };
  }
  const open = openGap(before.gaps);
  if (open !== undefined) {
    if (open.cause === cause || at <= open.from) return before;
    // It still captures nothing, but for another reason.
    const rest = before.gaps.filter((gap) => gap !== open);
    const gaps: Gap[] = [
      ...rest,
      { ...open, to: at, status: 'CLOSED' },
      { ...row, from: at, to: null, status: 'OPEN' },
    ];
    return { ...before, gaps };
  }
  const { place } = before.source;
  const known =
    at > place ? reached(before, { ...change, type: 'reached', at, arrivedAt, stored: before.source.stored }) : before;
  const { source } = known;
  // It takes back what it had said to have given.
  const back = at < place ? { from: Math.max(at, source.switchedOn.at(-1)?.from ?? at), to: place } : null;
  const gaps: Gap[] =
    back === null ? [...known.gaps] : [...carve(known.gaps, back), { ...row, ...back, status: 'CLOSED' }];
  // What is a gap already, as it was to be given again, keeps its cause.
  const from = gaps.reduce((latest, { to }) => Math.max(latest, to ?? 0), source.reached);
  const between = without({ from: source.reached, to: from }, gaps.map(spanOf));
  const closed = between.map((span): Gap => ({ ...row, ...span, status: 'CLOSED' }));
  const now: Gap = { ...row, from, to: null, status: 'OPEN' };
  return { source: { ...source, replaying: [] }, gaps: [...gaps, ...closed, now] };
}

function missed(before: Known | null, { source: name, from, to, cause }: Missed): Known {
  const { source, gaps } = before ?? switchedOn(null, name, from);
  if (from >= to) return { source, gaps };
  const row: Gap = { source: name, from, to, cause, status: 'CLOSED', refilled: 0 };
  return {
    source: { ...source, replaying: source.replaying.flatMap((span) => without(span, [{ from, to }])) },
    gaps: [...carve(gaps, { from, to }), row],
  };
}

/** The time in which it captured nothing, though it was to, ends with what was captured last: it is not switched on since then. */
function switchedOff(known: Known): Known | null {
  if (isOff(known)) return known;
  const open = openGap(known.gaps);
  const to = open?.from ?? known.source.reached;
  const on = known.source.switchedOn.map((period) => (period.to === null ? { ...period, to } : period));
  const periods = on.filter((period) => period.from < (period.to ?? Infinity));
  if (periods.length === 0) return null;
  const source = { ...known.source, switchedOn: periods, reached: to, place: to, replaying: [] };
  return { source, gaps: known.gaps.filter((gap) => gap !== open) };
}

function switchedOn(before: Known | null, name: string, from: number): Known {
  const source = before?.source ?? { source: name, switchedOn: [], stored: 0 };
  return {
    source: {
      ...source,
      switchedOn: [...source.switchedOn, { from, to: null }],
      reached: from,
      place: from,
      replaying: [],
    },
    gaps: before?.gaps ?? [],
  };
}

function reopened({ source, gaps }: Known): Known {
  const last = source.switchedOn.at(-1);
  if (last?.to == null) return { source, gaps };
  const switchedOn = [...source.switchedOn.slice(0, -1), { from: last.from, to: null }];
  const gap: Gap = { source: source.source, from: last.to, to: null, cause: 'STOPPED', status: 'OPEN', refilled: 0 };
  return { source: { ...source, switchedOn }, gaps: [...gaps, gap] };
}

function isOff({ source }: Known): boolean {
  return source.switchedOn.at(-1)?.to != null;
}
