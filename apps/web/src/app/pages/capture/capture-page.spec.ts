import { TestBed } from '@angular/core/testing';
import { captureStatus, liveSource } from '../../../testing/captures';
import { GraphqlServer, settle } from '../../../testing/graphql-server';
import type { SourceCoverage } from '../../data/capture-coverage';
import type { CaptureStatus } from '../../data/capture-detail';
import { CapturePage } from './capture-page';

interface Opened {
  readonly page: HTMLElement;
  readonly server: GraphqlServer;
  readonly text: (selector: string) => string[];
  /** The server sends another status. */
  readonly send: (status: CaptureStatus) => Promise<void>;
}

/** @param coverage - null: its answer waits for the test. */
async function open(status: CaptureStatus, coverage: readonly SourceCoverage[] | null = []): Promise<Opened> {
  const told: Readonly<Record<string, object>> =
    coverage === null ? {} : { CaptureCoverage: { capture: { coverage } } };
  const server = new GraphqlServer({ CaptureDetail: { capture: status }, ...told });
  TestBed.configureTestingModule({ providers: [server.provide()] });
  const fixture = TestBed.createComponent(CapturePage);
  const page = fixture.nativeElement as HTMLElement;
  const shown = async (): Promise<void> => {
    await settle();
    await fixture.whenStable();
  };
  await shown();
  return {
    page,
    server,
    text: (selector) => [...page.querySelectorAll(selector)].map((e) => e.textContent.replace(/\s+/g, ' ').trim()),
    send: async (next) => {
      server.last('CaptureDetailEvents').next({ captureEvents: next });
      await shown();
    },
  };
}

describe('CapturePage', () => {
  it('shows sources, every term of the accounting, dead letters and sizes', async () => {
    const { text, page } = await open(captureStatus());
    expect(text('.title .st')).toEqual(['Capturing. The newest stored post is 0 s old.']);
    expect(text('.title .right')[0]).toMatch(/^Updated \d\d:\d\d:\d\d$/);
    expect(page.querySelector('.advice')).toBeNull();
    expect(text('.sources tbody td').slice(0, 2)).toEqual(['Connected', '186']);
    expect(text('.sources tbody td').at(-1)).toBe('jetstream1.us-east.bsky.network');
    expect(text('.eq dt')).toEqual([
      ...['Received', 'Stored', 'Seen before', 'Deletes', 'Not posts', 'Set aside', 'Other languages', 'On the way'],
    ]);
    expect(text('.eq dd').slice(0, 2)).toEqual(['61,602,744', '61,482,310']);
    expect(text('.tools .st')).toEqual(['Balanced']);
    expect(text('.kv dd')).toContain('local disk, 212 GiB free');
    expect(page.querySelector('ta-rules-panel .panel')).toBeNull();
  });

  it('says that gaps are not known where the lake cannot be read, and nothing of no gaps', async () => {
    const { page, text, server, send } = await open(captureStatus(), null);
    server.last('CaptureCoverage').fail(new Error('The lake cannot be read.'));
    await send(captureStatus());
    expect(text('main > [role=status]')).toEqual([
      'Whether there were gaps is not known at the moment: the lake cannot be read.',
    ]);
    expect(page.querySelector('ta-gaps-panel')).toBeNull();
    expect(page.querySelector('ta-coverage-panel')).toBeNull();
  });

  it('shows what changes, and says what to do', async () => {
    const { text, page, send } = await open(captureStatus());
    const gone = { host: 'jetstream1', since: null, lastPostAt: null, reconnects: [] };
    await send(captureStatus({ state: 'STOPPED', sources: [liveSource({ state: 'WAITING', connection: gone })] }));
    expect(text('.title .st')).toEqual(['Capture has stopped.']);
    expect(page.querySelector('.title .dot')?.className).toBe('dot bad');
    expect(text('.advice li')[0]).toMatch(/^Bluesky has no connection\. It connects again by itself/);
    expect(text('.sources tbody td')[0]).toBe('Not connected');
    // How far behind it was says nothing any more.
    expect(text('.sources tbody td')[3]).toBe('–');
    await send(captureStatus({ accounting: { ...captureStatus().accounting, received: 61_602_743 } }));
    expect(text('.tools .st')).toEqual(['1 off']);
  });

  it('shows no counters that nobody knows', async () => {
    const { text, page } = await open(captureStatus({ state: 'UNKNOWN', sources: [], deadLetters: [], log: null }));
    expect(text('.nothing')[0]).toMatch(/is not known while the capture process does not report/);
    expect(page.querySelector('.eq, .letters')).toBeNull();
    expect(text('.advice li')[0]).toContain('npm start');
  });

  it('opens samples as text, never as markup', async () => {
    const { page, text } = await open(captureStatus());
    const button = page.querySelector<HTMLButtonElement>('.letters .name');
    expect(button?.getAttribute('aria-expanded')).toBe('false');
    button?.click();
    await settle();
    expect(text('.samples li')).toEqual(['<script>alert(1)</script>']);
    expect(page.querySelector('.samples script')).toBeNull();
    button?.click();
    await settle();
    expect(page.querySelector('.samples')).toBeNull();
  });

  it('shows rules with what is wrong with them, and usage against its limits', async () => {
    const x = liveSource({
      name: 'x-filtered',
      rules: [{ value: 'cats', tag: 'pets', problem: 'Recent search cannot express it.' }],
      usage: { posts: 900, maxPosts: 1_000, dollars: 4.5, maxDollars: null, resetsAt: '2026-12-01T12:00:00.000Z' },
    });
    const { text } = await open(captureStatus({ sources: [x] }));
    expect(text('.sources tbody th')).toEqual(['X filtered stream, 1 rule Connected']);
    expect(text('.usage p')).toEqual(['X, filtered stream 900 of 1,000 posts, $4.50 until 1 Dec 2026']);
    expect(text('.rules tbody td')).toEqual(['cats Recent search cannot express it.', 'pets']);
    expect(text('.advice li')[1]).toContain('90%');
  });

  it('draws gaps, and tells their cause and what they lack', async () => {
    const hours = (ago: number): string => new Date(Date.now() - ago * 3_600_000).toISOString();
    const gap = { from: hours(5), to: hours(2.5), cause: 'CRASHED', isRefilled: false, refilled: 0 } as const;
    const { text, page } = await open(captureStatus(), [
      {
        ...{ source: 'bluesky', share: 0.985_19 },
        captured: [
          { from: hours(300), to: hours(5) },
          { from: hours(2.5), to: hours(0) },
        ],
        gaps: [
          { ...gap, missedPosts: 412_000 },
          { ...gap, from: hours(9), to: hours(8), cause: 'STALLED', isRefilled: true, refilled: 40, missedPosts: null },
          { ...gap, from: hours(0.5), to: null, cause: 'DISCONNECTED', missedPosts: null },
        ],
      },
    ]);
    expect(text('.covrow .num')).toEqual(['98.51%']);
    expect(page.querySelectorAll('.strip .on')).toHaveLength(2);
    expect(page.querySelectorAll('.strip .gapband')).toHaveLength(2);
    expect(text('.gaps td:nth-child(n+2)')).toEqual([
      ...['30 min so far', 'Bluesky', 'Disconnected', 'not known'],
      ...['2 h 30 min', 'Bluesky', 'Crashed', '≈ 412,000'],
      ...['1 h', 'Bluesky', 'Stalled', '0, 40 recovered'],
    ]);
  });

  it('keeps what it has, and says so, while the server does not answer', async () => {
    const { server, text } = await open(captureStatus());
    server.last('CaptureDetailEvents').fail(new Error('gone'));
    await settle();
    expect(text('.title .st')).toEqual(['No connection to the server.']);
    expect(text('.eq dd')[0]).toBe('61,602,744');
  });
});
