import { type Gap, type GapCause, NO_CONNECTION, type SourceState } from '@analytica/domain/contracts';
import { expect, it } from 'vitest';
import { sourceOf } from '../../test/support/source-of.js';
import { accountOf } from '../../test/support/x-stream.js';
import { initialState } from '../log/log-state.js';
import { CaptureProgress } from './capture-progress.js';
import { noteSources } from './source-notices.js';
import { StatusBoard } from './status-board.js';

const NO_FILES = { files: [], watermark: 0 };

/** One source, its account of X with 10 posts a month, and what people are told second by second. */
function noted() {
  let seconds = 0;
  let ids = 0;
  const account = accountOf({ url: 'http://127.0.0.1:9', token: 'token' }, { limits: { maxPosts: 10 } });
  const source = { ...sourceOf([], undefined, 'x'), warning: () => account.warning };
  const now = { state: 'LIVE' as SourceState, problems: [] as string[], cause: null as GapCause | null };
  const run = {
    ...{ source, intake: { batches: 1 }, isFinished: false, failure: null },
    status: () => ({ lagMs: null, ...NO_CONNECTION, state: now.state, problems: now.problems }),
  };
  const gaps = (): readonly Gap[] =>
    now.cause === null
      ? []
      : [{ source: 'x', from: 1, to: null, cause: now.cause, status: 'OPEN' as const, refilled: 0 }];
  const progress = new CaptureProgress([run], () => seconds * 1000);
  const board = new StatusBoard(false);
  const told: string[] = [];
  const report = (event: object): void => void told.push('message' in event ? String(event.message) : '');
  return {
    now,
    account,
    told,
    use: (posts: number): void =>
      account.usage.count(
        'x',
        Array.from({ length: posts }, () => String((ids += 1))),
      ),
    pass: (count = 1): void => {
      for (let n = 0; n < count; n += 1) {
        seconds += 1;
        noteSources({ runs: [run], progress, board, gaps, report });
      }
    },
    shown: () => board.snapshot(initialState(0, 0), 0, NO_FILES, progress.state),
  };
}

it('says once that a source refuses to work by itself, and shows it', () => {
  const { now, told, pass, shown } = noted();
  now.state = 'FAILED';
  now.problems = ['Bluesky: a.example refuses the connection (HTTP 403). The next attempt follows by itself.'];
  pass(3);
  expect(told).toEqual(now.problems);
  expect(shown()).toMatchObject({ state: 'STOPPED', problem: now.problems[0] });
});

it('says once why a source has no connection, however many attempts there are, and again where the cause is another', () => {
  const { now, told, pass, shown } = noted();
  now.state = 'WAITING';
  now.cause = 'DISCONNECTED';
  for (let n = 0; n < 20; n += 1) {
    now.problems = [`x has no connection; it tries again at 10:00:${String(10 + n)} UTC.`];
    pass(3);
  }
  expect(told).toHaveLength(1);
  expect(shown().problem).toMatch(/10:00:29/);
  now.cause = 'RATE_LIMITED';
  pass();
  expect(told).toHaveLength(2);
  now.state = 'LIVE';
  pass();
  expect(shown().problem).toBeNull();
  now.state = 'WAITING';
  pass(4);
  expect(told).toHaveLength(3);
});

it('warns once when most of what may be used is used, and once at the limit, for which the source then stands still', () => {
  const { account, now, told, use, pass, shown } = noted();
  use(7);
  pass(2);
  expect(told).toEqual([]);
  use(1);
  pass(2);
  use(1);
  pass(2);
  expect(told).toEqual([expect.stringMatching(/^8 of 10 posts/)]);
  expect(shown()).toMatchObject({ state: 'LIVE', problem: expect.stringMatching(/^9 of 10 posts/) as unknown });
  use(1);
  now.state = 'WAITING';
  now.cause = 'USAGE_LIMIT';
  now.problems = [...account.problems];
  pass(10);
  expect(told.slice(1)).toEqual([expect.stringMatching(/^10 of 10 posts .* nothing is read from X until/)]);
  expect(shown()).toMatchObject({ state: 'STOPPED', problem: told[1] });
});

it('shows a source without a connection before a warning', () => {
  const { now, use, pass, shown } = noted();
  use(8);
  pass();
  now.state = 'WAITING';
  pass(4);
  expect(shown().problem).toMatch(/^x has no connection/);
});
