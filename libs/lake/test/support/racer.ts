import { LocalStore } from '../../src/store/local-store.js';

export interface RacerTask {
  readonly root: string;
  readonly name: string;
  readonly rounds: number;
  readonly roundMs: number;
  readonly steps: number;
}

export type RacerLine =
  | { readonly kind: 'ready' }
  | { readonly kind: 'won'; readonly key: string; readonly content: string }
  | { readonly kind: 'raised'; readonly to: number };

const task = JSON.parse(process.argv[2] ?? '') as RacerTask;
const store = new LocalStore(task.root);
const say = (line: RacerLine): void => void process.stdout.write(JSON.stringify(line) + '\n');

function waitUntil(time: number): void {
  while (Date.now() < time);
}

const versions: string[] = [];
for (let round = 0; round < task.rounds; round += 1) {
  versions.push((await store.read(`standing-${String(round)}`))?.version ?? '');
}

say({ kind: 'ready' });
// The object `start` says when the first round begins, epoch ms.
let start = await store.read('start');
while (start === null) start = await store.read('start');
const startAt = Number(Buffer.from(start.bytes).toString());

// Every round all racers want to make one object, and to replace another that is there.
for (let round = 0; round < task.rounds; round += 1) {
  const content = `${task.name} in round ${String(round)}`;
  const [fresh, standing] = [`fresh-${String(round)}`, `standing-${String(round)}`];
  waitUntil(startAt + round * task.roundMs);
  if ((await store.putIfAbsent(fresh, Buffer.from(content))) !== null) say({ kind: 'won', key: fresh, content });
  if ((await store.putIfMatch(standing, Buffer.from(content), versions[round] ?? '')) !== null) {
    say({ kind: 'won', key: standing, content });
  }
}

for (let step = 0; step < task.steps;) {
  const object = await store.read('count');
  if (object === null) throw new Error('The count is gone.');
  const next = Number(Buffer.from(object.bytes).toString()) + 1;
  if ((await store.putIfMatch('count', Buffer.from(String(next)), object.version)) === null) continue;
  say({ kind: 'raised', to: next });
  step += 1;
}
