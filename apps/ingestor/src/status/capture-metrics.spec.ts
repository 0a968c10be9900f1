import { request } from 'node:http';
import type { CaptureStatus, Gap } from '@analytica/domain/contracts';
import { NO_CONNECTION } from '@analytica/domain/contracts';
import { afterEach, describe, expect, it } from 'vitest';
import { CaptureMetrics } from './capture-metrics.js';
import { type MetricsServer, serveMetrics } from './metrics-server.js';

const STATUS: CaptureStatus = {
  ...{ state: 'LIVE', problem: null, demo: false, rates: [], recent: [], progress: null },
  ...{ posts: 3, oldest: 5, watermark: 99, repostsWithoutOriginal: 8 },
  accounting: {
    ...{ received: 28, stored: 1, duplicates: 2, deletes: 3, not_posts: 4, dead_letters: 5, filtered: 6 },
    pending: 7,
  },
  sources: [
    {
      ...{ name: 'bluesky', state: 'WAITING', problems: [], lagMs: 1500, ...NO_CONNECTION },
      connection: { host: 'h', since: null, lastPostAt: 9000, reconnects: [{ cause: 'STALLED', count: 2 }] },
      perSecond: Array.from({ length: 60 }, () => 4),
    },
  ],
  log: { bytes: 10, maxBytes: 100, oldestPendingMs: 250 },
  lake: { bytes: 1000, freeBytes: 5000 },
  deadLetters: [{ reason: 'a "quoted"\nreason', count: 5, samples: ['a secret text'] }],
};

const GAPS: readonly Gap[] = [
  { source: 'bluesky', from: 1, to: 2, cause: 'STALLED', status: 'CLOSED', refilled: 0 },
  { source: 'bluesky', from: 3, to: null, cause: 'DISCONNECTED', status: 'OPEN', refilled: 0 },
];

const told = async (status: CaptureStatus | null): Promise<string[]> => {
  const text = await new CaptureMetrics(
    () => status,
    () => GAPS,
  ).registry.metrics();
  return text.split('\n').filter((line) => line.startsWith('analytica_capture_'));
};

describe('CaptureMetrics', () => {
  it('tells every term of the accounting, which add up', async () => {
    const lines = await told(STATUS);
    const outcomes = lines.filter((line) => line.startsWith('analytica_capture_records{'));
    expect(outcomes.map((line) => /outcome="(\w+)"/.exec(line)?.[1])).toEqual([
      ...['stored', 'duplicates', 'deletes', 'not_posts', 'dead_letters', 'filtered', 'pending'],
    ]);
    const sum = outcomes.reduce((total, line) => total + Number(line.split(' ').at(-1)), 0);
    expect(lines).toContain(`analytica_capture_received_records ${String(sum)}`);
  });

  it.each([
    'source_state{source="bluesky",state="WAITING"} 1',
    'source_state{source="bluesky",state="LIVE"} 0',
    'source_posts_per_second{source="bluesky"} 4',
    'source_lag_seconds{source="bluesky"} 1.5',
    'source_last_post_seconds{source="bluesky"} 9',
    'source_reconnects{source="bluesky",cause="STALLED"} 2',
    'gaps_open{source="bluesky"} 1',
    'oldest_pending_seconds 0.25',
    'log_bytes 10',
    'log_max_bytes 100',
    'lake_bytes 1000',
    'disk_free_bytes 5000',
    'stopped 0',
    'reposts_without_original 8',
    'dead_letters{reason="a \\"quoted\\"\\nreason"} 5',
  ])('tells %s', async (line) => {
    expect(await told(STATUS)).toContain(`analytica_capture_${line}`);
  });

  it('tells no text of a post, and nothing before the first status', async () => {
    expect((await told(STATUS)).join()).not.toContain('secret');
    expect(await told(null)).toEqual([]);
  });
});

describe('serveMetrics', () => {
  let server: MetricsServer;
  afterEach(() => server.close());

  const ask = (path: string, host: string, method = 'GET') =>
    new Promise<number | undefined>((resolve, reject) => {
      const options = { host: '127.0.0.1', port: server.port, path, method, headers: { host } };
      request(options, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });

  it('answers this machine, by its own name, and only with metrics', async () => {
    server = await serveMetrics(
      0,
      new CaptureMetrics(
        () => STATUS,
        () => GAPS,
      ).registry,
    );
    const answer = await fetch(`http://127.0.0.1:${String(server.port)}/metrics`);
    expect(answer.headers.get('content-type')).toContain('text/plain');
    expect(await answer.text()).toContain('analytica_capture_log_bytes 10');
    expect(await ask('/metrics', 'localhost:9')).toBe(200);
    expect(await ask('/metrics', 'evil.example')).toBe(421);
    expect(await ask('/other', 'localhost')).toBe(404);
    expect(await ask('/metrics', 'localhost', 'POST')).toBe(405);
  });
});
