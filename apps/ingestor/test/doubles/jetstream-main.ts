// A Jetstream server on this machine, with generated events or those of a file:
//   node apps/ingestor/test/doubles/jetstream-main.ts --port 6008 --rate 50
//   INGEST_SOURCES=bluesky BLUESKY_JETSTREAM_URL=ws://127.0.0.1:6008/subscribe npm start
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { AppViewDouble } from './app-view.ts';
import { eventOfLine, type JetstreamEvent } from './jetstream-event.ts';
import { GeneratedEvents, handleOf } from './jetstream-events.ts';
import { JetstreamDouble } from './jetstream.ts';

const TICK_MS = 10;
/** Events made before others get a turn. */
const MAX_TURN = 5000;
const FAULTS = ['drop', 'goodbye', 'stall', 'silence', 'garbage', 'refuse'] as const;
const USAGE = `node apps/ingestor/test/doubles/jetstream-main.ts [options]

  --port N          6008
  --rate N          generated events a second (50); with --file, lines a second
  --count N         ends after so many events
  --seed N          of the generated events (1)
  --authors N       how many authors write (5000)
  --only-posts      generates no reposts, deletes and events about authors
  --wait            begins when somebody has connected
  --ahead           with --count: makes all events first, so that giving them costs little
  --app-view N      answers getProfiles on this port, for BLUESKY_APPVIEW_URL=http://127.0.0.1:N
  --file FILE       lines of Jetstream v1, sent by v1 as they are; from the beginning again at the end
  --retime          with --file: each event happens when it is sent
  --fault-every S   breaks something every S seconds: ${FAULTS.join(', ')}, in turn
  --quiet           says nothing`;

interface FileEvent {
  readonly event: JetstreamEvent;
  readonly line: Buffer;
}

/** The events of a file. */
function readEvents(path: string): readonly FileEvent[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  const events = lines.flatMap((line) => {
    const event = line === '' ? null : eventOfLine(line);
    return event === null ? [] : [{ event, line: Buffer.from(line) }];
  });
  if (events.length === 0) throw new Error(`${path} holds no event.`);
  return events;
}

function inflict(double: JetstreamDouble, fault: (typeof FAULTS)[number]): void {
  switch (fault) {
    case 'drop':
      double.drop();
      break;
    case 'goodbye':
      double.disconnect(1001, { name: 'ConsumerTooSlow', message: 'reading below the floor rate' });
      break;
    case 'stall':
      double.stall({ pongs: true });
      break;
    case 'silence':
      double.stall({ pongs: false });
      break;
    case 'garbage':
      double.sendRaw(Buffer.from('{"did":"did:plc:'));
      break;
    case 'refuse':
      double.refuse({ status: 503 }, { status: 429, headers: { 'retry-after': '1' } });
      double.drop();
      break;
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '6008' },
      rate: { type: 'string', default: '50' },
      count: { type: 'string', default: 'Infinity' },
      seed: { type: 'string', default: '1' },
      authors: { type: 'string', default: '5000' },
      'only-posts': { type: 'boolean', default: false },
      wait: { type: 'boolean', default: false },
      ahead: { type: 'boolean', default: false },
      'app-view': { type: 'string' },
      file: { type: 'string' },
      retime: { type: 'boolean', default: false },
      'fault-every': { type: 'string', default: '0' },
      quiet: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const [rate, count, faultMs] = [Number(values.rate), Number(values.count), 1000 * Number(values['fault-every'])];
  const capacity = Math.max(200_000, Number.isFinite(count) ? count : 0);
  const shares = values['only-posts'] ? { reposts: 0, deletes: 0, identities: 0, accounts: 0 } : {};
  const generated = new GeneratedEvents(Number(values.seed), Number(values.authors), shares);
  const ahead = values.ahead ? Array.from({ length: count }, () => generated.next(Date.now() * 1000)) : [];
  const double = await JetstreamDouble.start({ port: Number(values.port), capacity });
  const appView = values['app-view'];
  if (appView !== undefined) await AppViewDouble.start(handleOf, Number(appView));
  const say = (text: string): void => (values.quiet ? undefined : console.log(text));
  say(`${double.v1}\n${double.v2}`);
  const file = values.file === undefined ? [] : readEvents(values.file);
  while (values.wait && double.connections === 0) await sleep(TICK_MS);
  const began = performance.now();
  let published = 0;
  let faults = 0;
  const publish = (): void => {
    const now = Date.now() * 1000;
    const next = file[published % file.length];
    const made = ahead[published];
    if (made !== undefined) double.publish({ ...made, timeUs: now + (published % 1000) });
    else if (next === undefined) double.publish(generated.next(now + (published % 1000)));
    else if (values.retime) double.publish({ ...next.event, timeUs: now + (published % 1000) });
    else double.publishLine(next.event, next.line);
    published += 1;
  };
  const ticking = setInterval(() => {
    const elapsed = performance.now() - began;
    const due = Math.min(count, Math.floor((elapsed * rate) / 1000));
    for (let turn = 0; published < due && turn < MAX_TURN; turn += 1) publish();
    if (published >= count) clearInterval(ticking);
    if (faultMs > 0 && elapsed >= (faults + 1) * faultMs) {
      const fault = FAULTS[faults % FAULTS.length] ?? 'drop';
      faults += 1;
      say(`${new Date().toISOString()} ${fault}`);
      inflict(double, fault);
    }
  }, TICK_MS);
  const stop = (): void => {
    clearInterval(ticking);
    say(`${published} events published, ${double.sent} sent, ${faults} faults`);
    void double.close().then(() => process.exit(0));
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

await main();
