import { MINUTE_MS } from '@analytica/domain';
import { byteText, durationText, wholeNumber } from '../../core/format';
import type { CaptureStatus, SourceStatus } from '../../data/capture-detail';
import { balanceOf } from './balance';
import { fullSourceName } from './capture-words';

/** What is wrong, and what a person can do about it: one plain sentence each. */
export interface Advice {
  readonly kind: 'bad' | 'warning';
  readonly problem: string;
  readonly action: string;
}

const GIB = 1024 ** 3;
/** Less free space than this is worth a word. */
const LITTLE_SPACE = 5 * GIB;
const FAR_BEHIND_MS = MINUTE_MS;
const OLD_PENDING_MS = 30_000;
const NEAR_LIMIT = 0.8;
/** Of records that came in. */
const MANY_DEAD_LETTERS = 0.01;

const THE_LOG = 'the file logs/ingestor.log in DATA_DIR';

/**
 * Everything that is wrong with capture, the worst first.
 * @param status - null before the first.
 * @param broken - whether the server does not answer.
 */
export function adviceOn(status: CaptureStatus | null, broken: boolean): readonly Advice[] {
  const found: Advice[] = [];
  if (broken) {
    found.push({
      kind: 'bad',
      problem: 'The server does not answer. What stands here is what it said last.',
      action: 'It is asked again by itself. If this lasts, start the product again: npm start.',
    });
  }
  if (status !== null) {
    found.push(...ofCapture(status), ...status.sources.flatMap(ofSource), ...ofStorage(status), ...ofRecords(status));
  }
  const seen = new Set<string>();
  const once = found.filter(({ problem }) => !seen.has(problem) && seen.add(problem));
  return once.toSorted((a, b) => Number(b.kind === 'bad') - Number(a.kind === 'bad'));
}

function ofCapture({ state, problem, sources }: CaptureStatus): readonly Advice[] {
  if (state === 'UNKNOWN') {
    return [
      {
        kind: 'bad',
        problem: problem ?? 'The capture process does not report, so what it does is not known.',
        action: `Start it with npm start. If it runs, ${THE_LOG} says why it is silent.`,
      },
    ];
  }
  const found: Advice[] = [];
  // A source's own problem is told with the source.
  const isOfSource = (text: string): boolean =>
    sources.some((source) => source.problems.includes(text) || (isDown(source) && text.startsWith(source.name)));
  if (problem !== null && !isOfSource(problem)) {
    found.push({
      kind: state === 'STOPPED' ? 'bad' : 'warning',
      problem,
      action:
        state === 'STOPPED'
          ? `Capture goes on by itself once this is mended. More is in ${THE_LOG}.`
          : `Capture goes on. More is in ${THE_LOG}.`,
    });
  }
  if (state === 'STOPPED' && found.length === 0 && !sources.some(isDown)) {
    found.push({ kind: 'bad', problem: 'Capture has stopped.', action: 'Start it again with npm start.' });
  }
  if (state === 'IDLE') {
    const none = sources.length === 0;
    found.push({
      kind: 'warning',
      problem: none ? 'No source is switched on.' : 'All sources have ended.',
      action: 'To capture posts as they happen: npm start -- --ingest-sources bluesky.',
    });
  }
  return found;
}

function ofSource(source: SourceStatus): readonly Advice[] {
  const name = fullSourceName(source.name);
  const { state, problems, lagMs, connection, rules, usage } = source;
  const found: Advice[] = [];
  const host = connection === null ? 'the platform' : connection.host;
  if (state === 'FAILED') {
    const action = 'If this lasts, start the product again once it is mended: npm start.';
    found.push(...sentences(problems, `${name} does not work.`).map((problem) => bad(problem, action)));
  } else if (state === 'WAITING') {
    const action = `If this lasts, check what it says, and whether this machine reaches ${host}.`;
    found.push(
      ...sentences(problems, `${name} has no connection. It connects again by itself.`).map((problem) =>
        bad(problem, action),
      ),
    );
  } else {
    const action = `${name} goes on. More is in ${THE_LOG}.`;
    found.push(...problems.map((problem) => warning(problem, action)));
  }
  if (state === 'LIVE' && lagMs !== null && lagMs > FAR_BEHIND_MS) {
    const action = 'It catches up by itself. If it falls further behind, this machine is too slow for the stream.';
    found.push(warning(`${name} is ${durationText(lagMs)} behind what happens now.`, action));
  }
  for (const { value, problem } of rules ?? []) {
    if (problem === null) continue;
    found.push(warning(`The rule “${shortened(value)}”: ${problem}`, 'Change it: npm run rules -- set FILE.'));
  }
  const share = usage === null ? 0 : usageShare(usage);
  if (share >= NEAR_LIMIT) {
    const percent = wholeNumber(Math.floor(share * 100));
    const action =
      'Raise X_MAX_POSTS or X_MAX_DOLLARS, or take rules away. At 100% capture from X stops for the month.';
    const problem = `${name} has used ${percent}% of what was set for this month.`;
    found.push(share >= 1 ? bad(problem, action) : warning(problem, action));
  }
  return found;
}

function ofStorage({ log, lake }: CaptureStatus): readonly Advice[] {
  const found: Advice[] = [];
  if (log !== null && log.bytes > log.maxBytes / 2) {
    const problem = `The log holds ${byteText(log.bytes)} that are not stored yet, of ${byteText(log.maxBytes)} at most.`;
    found.push(warning(problem, `Look at the disk of the archive; ${THE_LOG} says what holds it up.`));
  }
  if (log?.oldestPendingMs != null && log.oldestPendingMs > OLD_PENDING_MS) {
    const problem = `The oldest record waits for ${durationText(log.oldestPendingMs)} to be logged.`;
    found.push(warning(problem, 'The disk is slow or full. Nothing is lost: reading waits, too.'));
  }
  if (lake?.freeBytes != null && lake.freeBytes < LITTLE_SPACE) {
    const problem = `The disk of the archive has ${byteText(lake.freeBytes)} left.`;
    found.push(warning(problem, 'Free some space, or keep fewer days: LAKE_RETENTION_DAYS.'));
  }
  return found;
}

function ofRecords({ accounting, state }: CaptureStatus): readonly Advice[] {
  if (state === 'UNKNOWN') return [];
  const found: Advice[] = [];
  if (balanceOf(accounting).difference !== 0) {
    const action = `This should never be. Please report it, with ${THE_LOG}.`;
    found.push(bad('The accounting does not balance.', action));
  }
  if (accounting.deadLetters > accounting.received * MANY_DEAD_LETTERS && accounting.received > 1_000) {
    const problem = `${wholeNumber(accounting.deadLetters)} records could not be read.`;
    found.push(warning(problem, 'Look at the samples below: a platform may have changed its format.'));
  }
  return found;
}

/** The greater share of posts or money that was used, of what may be; 0 without limits. */
export function usageShare(usage: NonNullable<SourceStatus['usage']>): number {
  const { posts, maxPosts, dollars, maxDollars } = usage;
  return Math.max(maxPosts ? posts / maxPosts : 0, maxDollars ? dollars / maxDollars : 0);
}

const isDown = ({ state }: SourceStatus): boolean => state === 'WAITING' || state === 'FAILED';
const bad = (problem: string, action: string): Advice => ({ kind: 'bad', problem, action });
const warning = (problem: string, action: string): Advice => ({ kind: 'warning', problem, action });

const sentences = (problems: readonly string[], otherwise: string): readonly string[] =>
  problems.length > 0 ? problems : [otherwise];

const shortened = (text: string): string => (text.length > 60 ? `${text.slice(0, 59)}…` : text);
