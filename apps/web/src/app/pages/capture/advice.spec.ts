import { captureStatus, liveSource } from '../../../testing/captures';
import type { CaptureStatus, SourceStatus } from '../../data/capture-detail';
import { adviceOn } from './advice';

const LIMITS = { posts: 0, maxPosts: 1_000, dollars: 0, maxDollars: null, resetsAt: '2026-12-01T00:00:00.000Z' };
const GIB = 1024 ** 3;
const withSource = (change: Partial<SourceStatus>): CaptureStatus => captureStatus({ sources: [liveSource(change)] });

describe('adviceOn', () => {
  it('says nothing where all is well', () => {
    expect(adviceOn(captureStatus(), false)).toEqual([]);
    expect(adviceOn(null, false)).toEqual([]);
  });

  it.each<[string, CaptureStatus, 'bad' | 'warning', RegExp]>([
    [
      'an ingestor that is silent',
      captureStatus({ state: 'UNKNOWN', sources: [], log: null }),
      'bad',
      /does not report.*npm start/,
    ],
    [
      'a full disk',
      captureStatus({ state: 'STOPPED', problem: 'The disk is full.' }),
      'bad',
      /disk is full.*by itself/,
    ],
    ['a stop without a reason', captureStatus({ state: 'STOPPED' }), 'bad', /has stopped.*npm start/],
    ['a damaged file', captureStatus({ problem: 'A file cannot be read.' }), 'warning', /A file cannot.*goes on/],
    ['no source', captureStatus({ state: 'IDLE', sources: [] }), 'warning', /No source.*--ingest-sources/],
    ['files that were read', captureStatus({ state: 'IDLE' }), 'warning', /All sources have ended/],
    ['no connection', withSource({ state: 'WAITING' }), 'bad', /Bluesky has no connection.*reaches jetstream1/],
    [
      'a refusal',
      withSource({ name: 'x-filtered', state: 'FAILED', problems: ['X refused the token.'] }),
      'bad',
      /X refused the token.*start the product again/,
    ],
    ['a source that is behind', withSource({ lagMs: 200_000 }), 'warning', /Bluesky is 3 min behind/],
    [
      'a rule that cannot be used',
      withSource({ rules: [{ value: 'cats', tag: null, problem: 'It is too long.' }] }),
      'warning',
      /The rule “cats”: It is too long\. Change it/,
    ],
    ['much that was used', withSource({ usage: { ...LIMITS, posts: 815 } }), 'warning', /81% .*X_MAX_POSTS/],
    ['all that was used', withSource({ usage: { ...LIMITS, posts: 1_000 } }), 'bad', /100% /],
    [
      'a log that grows',
      captureStatus({ log: { bytes: 6 * GIB, maxBytes: 10 * GIB, oldestPendingMs: null } }),
      'warning',
      /The log holds 6 GiB .* of 10 GiB/,
    ],
    ['little space', captureStatus({ lake: { bytes: 1, freeBytes: GIB } }), 'warning', /1 GiB left.*Free some space/],
    [
      'an accounting that is off',
      captureStatus({ accounting: { ...captureStatus().accounting, received: 1 } }),
      'bad',
      /does not balance.*report it/,
    ],
  ])('says what to do about %s', (_what, status, kind, text) => {
    const advice = adviceOn(status, false);
    expect(advice.map((each) => each.kind)).toEqual([kind]);
    expect(`${advice[0]?.problem ?? ''} ${advice[0]?.action ?? ''}`).toMatch(text);
  });

  it('tells a problem of capture and of its source once, and the worst first', () => {
    const problem = 'X asks to wait.';
    const status = captureStatus({
      ...{ state: 'STOPPED', problem, lake: { bytes: 1, freeBytes: 1 } },
      sources: [liveSource({ name: 'x-filtered', state: 'WAITING', problems: [problem] })],
    });
    expect(adviceOn(status, true).map((each) => [each.kind, each.problem.slice(0, 20)])).toEqual([
      ['bad', 'The server does not '],
      ['bad', 'X asks to wait.'],
      ['warning', 'The disk of the arch'],
    ]);
  });
});
