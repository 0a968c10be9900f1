import { closeSync, openSync, readSync } from 'node:fs';
import type { Durable } from './report-durable.ts';

const POST = Buffer.from('{"kind":"post",');
const CREATED_AT = /"created_at":"([^"]+)"/;

/** From the moment at which the server published a post to the moment at which it was durable, ms. */
export interface Latency {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** The posts of the log as they become durable. */
export class DurablePosts {
  count = 0;
  firstAt = 0;
  readonly #latencies: number[] = [];
  #firstCount = 0;
  #lastAt = 0;
  readonly #read = new Map<string, number>();

  note({ path, size, at }: Durable): void {
    if (!path.endsWith('.ndjson')) return;
    const from = this.#read.get(path) ?? 0;
    if (size <= from) return;
    this.#read.set(path, size);
    const times = createdAtIn(path, from, size);
    this.count += times.length;
    if (times.length === 0) return;
    if (this.firstAt === 0) [this.firstAt, this.#firstCount] = [at, this.count];
    for (const createdAt of times) if (createdAt >= this.firstAt) this.#latencies.push(at - createdAt);
    this.#lastAt = at;
  }

  /** Without the first write, before which the process was starting. */
  get postsPerSecond(): number {
    return (1000 * (this.count - this.#firstCount)) / (this.#lastAt - this.firstAt);
  }

  /** Without the posts that came while the process was still starting: before the first write. */
  latency(): Latency {
    const sorted = this.#latencies.toSorted((a, b) => a - b);
    const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
    return { p50: at(0.5), p99: at(0.99), max: at(1) };
  }
}

function createdAtIn(path: string, from: number, to: number): readonly number[] {
  const bytes = Buffer.alloc(to - from);
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    // A segment that is in the lake already.
    return [];
  }
  readSync(file, bytes, 0, bytes.length, from);
  closeSync(file);
  const times: number[] = [];
  for (let start = 0, end = bytes.indexOf(0x0a); end >= 0; start = end + 1, end = bytes.indexOf(0x0a, start)) {
    if (bytes.compare(POST, 0, POST.length, start, start + POST.length) !== 0) continue;
    // It stands near the beginning of the line.
    const createdAt = CREATED_AT.exec(bytes.toString('latin1', start, Math.min(end, start + 300)))?.[1];
    if (createdAt !== undefined) times.push(Date.parse(createdAt));
  }
  return times;
}
