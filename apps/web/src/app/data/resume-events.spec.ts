import { Subject } from 'rxjs';
import { reconnectDelay, resumeEvents } from './resume-events';

interface Event {
  readonly seq: number;
  readonly last?: boolean;
}

describe('resumed events', () => {
  function setup(isFinal?: (error: unknown) => boolean) {
    const opened: { afterSeq: number; stream: Subject<Event> }[] = [];
    const got: number[] = [];
    const breaks: number[] = [];
    let end = '';
    const subscription = resumeEvents<Event>({
      open: (afterSeq) => {
        const stream = new Subject<Event>();
        opened.push({ afterSeq, stream });
        return stream;
      },
      seqOf: (event) => event.seq,
      isLast: (event) => event.last === true,
      onBreak: (attempt) => breaks.push(attempt),
      delay: () => 0,
      ...(isFinal && { isFinal }),
    }).subscribe({
      next: (event) => got.push(event.seq),
      complete: () => (end = 'complete'),
      error: () => (end = 'error'),
    });
    const tick = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));
    return { opened, got, breaks, subscription, tick, end: () => end };
  }

  it('asks from the last number seen after a break, loses nothing and repeats nothing', async () => {
    const t = setup();
    t.opened[0]?.stream.next({ seq: 1 });
    t.opened[0]?.stream.next({ seq: 2 });
    t.opened[0]?.stream.error(new Error('socket closed'));
    await t.tick();
    expect(t.opened[1]?.afterSeq).toBe(2);
    t.opened[1]?.stream.next({ seq: 2 }); // a server may send it once more
    t.opened[1]?.stream.next({ seq: 3 });
    t.opened[1]?.stream.complete(); // a clean end before the last event is a break too
    await t.tick();
    expect(t.opened[2]?.afterSeq).toBe(3);
    t.opened[2]?.stream.next({ seq: 4, last: true });
    expect(t.got).toEqual([1, 2, 3, 4]);
    expect(t.end()).toBe('complete');
    expect(t.breaks).toEqual([1, 1]);
    await t.tick();
    expect(t.opened).toHaveLength(3);
  });

  it('stops at an error that another connection would only meet again', async () => {
    const t = setup(() => true);
    t.opened[0]?.stream.error(new Error('NOT_FOUND'));
    await t.tick();
    expect(t.end()).toBe('error');
    expect(t.opened).toHaveLength(1);
  });

  it('does not reconnect once nobody listens', async () => {
    const t = setup();
    t.opened[0]?.stream.error(new Error('x'));
    t.subscription.unsubscribe();
    await t.tick();
    expect(t.opened).toHaveLength(1);
  });

  it('waits longer with each break, 15 s at most', () => {
    expect([1, 2, 3, 10].map(reconnectDelay)).toEqual([500, 1_000, 2_000, 15_000]);
  });
});
