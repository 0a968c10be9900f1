import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { HOUR_MS } from '@analytica/domain';
import { BlueskyLines } from './bluesky-lines.ts';
import { generateLines } from '../../apps/ingestor/dist/sources/demo/demo-source.js';

// Writes raw lines to a file: X v1.1 of the demo generator, or Bluesky events with reposts. Input for the truth check that everybody
// may have.
const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    hours: { type: 'string', default: '24' },
    until: { type: 'string', default: '2026-03-29T12:00:00Z' }, // a day on which European clocks change
    seed: { type: 'string', default: '1' },
    rate: { type: 'string', default: '1' },
    shape: { type: 'string', default: 'x' },
    lines: { type: 'string', default: '50000' },
    help: { type: 'boolean' },
  },
});
const to = Date.parse(values.until);
const hours = Number(values.hours);
if (values.help === true || values.out === undefined || Number.isNaN(to) || !(hours > 0)) {
  console.log('node tools/generate/main.ts --out FILE [--hours 24] [--until INSTANT] [--seed 1] [--rate 1]');
  console.log('node tools/generate/main.ts --out FILE --shape bluesky [--lines 50000] [--seed 1]');
  process.exitCode = values.help === true ? 0 : 2;
} else {
  const file = createWriteStream(values.out);
  let lines = 0;
  for (const line of values.shape === 'bluesky' ? blueskyLines() : demoLines()) {
    lines++;
    if (!file.write(Buffer.concat([line, Buffer.from('\n')]))) await once(file, 'drain');
  }
  file.end();
  await once(file, 'finish');
  console.log(`${lines} lines`);
}

function demoLines(): Iterable<Buffer> {
  return generateLines({ seed: Number(values.seed), from: to - hours * HOUR_MS, to, rate: Number(values.rate) });
}

function* blueskyLines(): Generator<Buffer> {
  const events = new BlueskyLines(Number(values.seed), { reposts: 0.4, reach: 5000 });
  for (let n = 0; n < Number(values.lines); n++) yield Buffer.from(events.line());
}
