import { expect, it } from 'vitest';
import { SleepWatch } from './sleep-watch.js';

function watchAt(start: number) {
  let now = start;
  let uptime = 0;
  const watch = new SleepWatch({ now: () => now, uptime: () => uptime });
  const pass = (ms: number, arrivalMs = ms): void => {
    now += arrivalMs;
    uptime += ms;
  };
  return { watch, pass };
}

it('tells nothing while looks follow each other, late ones too', () => {
  const { watch, pass } = watchAt(1000);
  for (const ms of [500, 500, 19_000, 0]) {
    pass(ms);
    expect(watch.check()).toBeNull();
  }
});

it('tells from when to when nothing ran, and keeps telling of the last time', () => {
  const { watch, pass } = watchAt(1000);
  pass(500);
  watch.check();
  pass(60_000);
  expect(watch.check()).toEqual({ from: 1500, to: 61_500 });
  pass(500);
  expect(watch.check()).toEqual({ from: 1500, to: 61_500 });
  pass(3_600_000);
  expect(watch.check()).toEqual({ from: 62_000, to: 3_662_000 });
});

it('goes by the clock that does not jump: a wall clock that is set is no sleep', () => {
  const { watch, pass } = watchAt(1000);
  pass(500, 3_600_000);
  expect(watch.check()).toBeNull();
  pass(500, -3_600_000);
  expect(watch.check()).toBeNull();
  pass(30_000, -1000);
  expect(watch.check()).toEqual({ from: 1000, to: 1000 });
});
