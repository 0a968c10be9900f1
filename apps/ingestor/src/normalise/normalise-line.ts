import { isUtf8 } from 'node:buffer';
import { MAX_RAW_BYTES } from './limits.js';
import { readJetstreamEvent, readJetstreamFrame } from './bluesky.js';
import { buildRemoval } from './removal-builder.js';
import { NOT_POST, rejected, type PostDraft, type Reading } from './draft.js';
import { isObject, type JsonObject } from './fields.js';
import { isJetstreamFrame } from './jetstream-frame.js';
import type { Normalised, NormaliseContext } from './normalised.js';
import { buildPost, isoTime, MAX_SIZE } from './post-builder.js';
import { complianceBody, isBatchResult, readBatchResult, readComplianceEvent } from './x-compliance.js';
import { readV1Tweet } from './x-v1.js';
import { readV2Line } from './x-v2.js';

/** What is kept of a page for a post in it that cannot be written by itself. */
const BEGINNING_BYTES = 4096;

type DeadLetter = Extract<Normalised, { kind: 'dead-letter' }>;

/** What the rows of one line may still take up: posts of a page share what it includes, and each row holds it again. */
export interface LineBudget {
  left: number;
}

/**
 * What one line, as it came and without its newline, becomes: at least one record, whatever the bytes. Never throws.
 * The rules are docs/counting.md, 1 to 12.
 */
export function normaliseLine(line: Buffer, context: NormaliseContext): readonly Normalised[] {
  return [...normaliseRecords(line, context, { left: Infinity })];
}

/** As `normaliseLine`, one record after the other. Whoever takes a post takes its size from the budget; beyond it, none is made. */
export function* normaliseRecords(line: Buffer, context: NormaliseContext, budget: LineBudget): Generator<Normalised> {
  let readings: readonly Reading[];
  try {
    const parsed = parseLine(line);
    readings = parsed.kind === 'json' ? readLine(parsed.value, context.arrivedAt) : [];
    if (parsed.kind === 'dead-letter') yield parsed;
  } catch (error) {
    yield deadLetter(line, 'normalise', `unexpected: ${messageOf(error)}`);
    return;
  }
  for (const reading of readings) yield normaliseSafely(reading, line, context, budget);
}

function normaliseSafely(reading: Reading, line: Buffer, context: NormaliseContext, budget: LineBudget): Normalised {
  try {
    if (reading.kind === 'post' && budget.left <= 0) {
      return deadLetter(partOf(reading, line), 'store', 'the rows of its line are longer than 10 MiB together');
    }
    const record = normaliseReading(reading, line, context);
    // Not free either: it was looked through up to the limit.
    if (reading.kind === 'post' && record.kind === 'dead-letter') budget.left -= MAX_SIZE;
    return record;
  } catch (error) {
    return deadLetter('part' in reading ? partOf(reading, line) : line, 'normalise', `unexpected: ${messageOf(error)}`);
  }
}

/**
 * The greatest unshifted time of the posts that `normaliseLine` would make of a line, without the cost of their text;
 * null where it would make none.
 */
export function latestCreatedAt(line: Buffer, arrivedAt: number): number | null {
  let latest: number | null = null;
  for (const draft of draftsOf(line, arrivedAt)) {
    if (latest === null || draft.createdAt > latest) latest = draft.createdAt;
  }
  return latest;
}

function draftsOf(line: Buffer, arrivedAt: number): readonly PostDraft[] {
  try {
    const parsed = parseLine(line);
    if (parsed.kind === 'dead-letter') return [];
    return readLine(parsed.value, arrivedAt).flatMap((reading) => (reading.kind === 'post' ? [reading.draft] : []));
  } catch {
    return [];
  }
}

function parseLine(line: Buffer): { readonly kind: 'json'; readonly value: unknown } | DeadLetter {
  if (!isUtf8(line)) return deadLetter(line, 'decode', 'not valid UTF-8');
  const hasByteOrderMark = line[0] === 0xef && line[1] === 0xbb && line[2] === 0xbf;
  try {
    return { kind: 'json', value: parseJson(line.toString('utf8', hasByteOrderMark ? 3 : 0)) };
  } catch (error) {
    return deadLetter(line, 'parse', line.length === 0 ? 'an empty line' : `not JSON: ${messageOf(error)}`);
  }
}

/** The ids of v1.1's compliance events stand there as numbers, of which `JSON.parse` loses digits: those become texts. */
const LONG_ID = /("(?:id|user_id|up_to_status_id)"\s*:\s*)(\d{16,20})(?=\s*[,}])/g;

function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  const isEvent = isObject(value) && (has(value, 'delete') || complianceBody(value) !== null);
  return isEvent ? JSON.parse(text.replace(LONG_ID, '$1"$2"')) : value;
}

/** Rule 1: a line is recognised by its own shape. */
function readLine(value: unknown, arrivedAt: number): readonly Reading[] {
  if (!isObject(value)) return [rejected('JSON, but not an object')];
  if (has(value, 'delete')) return [isObject(value['delete']) ? readComplianceEvent(value, arrivedAt) : NO_DELETE];
  if (has(value, 'kind') && has(value, 'did')) return [readJetstreamEvent(value, arrivedAt)];
  if (isJetstreamFrame(value)) return [readJetstreamFrame(value, arrivedAt)];
  const compliance = complianceBody(value);
  if (compliance !== null) return [readComplianceEvent(compliance, arrivedAt)];
  if (isBatchResult(value)) return [readBatchResult(value, arrivedAt)];
  if (has(value, 'data') || has(value, 'errors') || has(value, 'meta')) return readV2Line(value, arrivedAt);
  if (has(value, 'id_str') && (has(value, 'text') || has(value, 'full_text'))) return [readV1Tweet(value, arrivedAt)];
  return [NOT_POST];
}

const NO_DELETE = rejected('delete is not an object');

function has(value: JsonObject, key: string): boolean {
  return Object.hasOwn(value, key);
}

function normaliseReading(reading: Reading, line: Buffer, context: NormaliseContext): Normalised {
  switch (reading.kind) {
    case 'not-post':
      return reading;
    case 'rejected':
      return deadLetter(partOf(reading, line), 'normalise', reading.reason);
    case 'delete':
      return {
        kind: 'delete',
        tombstone: {
          source: context.source ?? reading.platform,
          id: reading.id,
          before: null,
          ingested_at: isoTime(context.arrivedAt),
        },
      };
    case 'removals': {
      const [first, ...more] = reading.removals;
      const rows = more.map((removal) => buildRemoval(removal, reading.platform, context));
      return { kind: 'removals', rows: [buildRemoval(first, reading.platform, context), ...rows] };
    }
    case 'post': {
      const post = buildPost(reading.draft, context);
      if ('reason' in post) return deadLetter(partOf(reading, line), 'normalise', post.reason);
      const { source, id, created_at: before, ingested_at } = post;
      const supersedes = reading.draft.supersedes ? { source, id, before, ingested_at } : null;
      const awaitsOriginal = reading.draft.platform === 'bluesky' && reading.draft.retweet !== null;
      return { kind: 'post', post, supersedes, awaitsOriginal, raw: () => cut(partOf(reading, line)) };
    }
  }
}

/** One post of a page, so that a page does not stand in the dead letters once for each of its posts. */
function partOf(reading: { readonly part?: unknown }, line: Buffer): Buffer {
  const { part } = reading;
  if (part === undefined) return line;
  try {
    return Buffer.from(JSON.stringify(part));
  } catch {
    // Nested too deeply to be written again. Not the whole line: it would stand there once for each such post.
    return line.subarray(0, BEGINNING_BYTES);
  }
}

function cut(raw: Buffer): Buffer {
  return raw.length > MAX_RAW_BYTES ? raw.subarray(0, MAX_RAW_BYTES) : raw;
}

function deadLetter(raw: Buffer, stage: DeadLetter['stage'], reason: string): DeadLetter {
  const isCut = raw.length > MAX_RAW_BYTES;
  return {
    kind: 'dead-letter',
    raw: cut(raw),
    stage,
    reason: isCut ? `${reason} (the first ${MAX_RAW_BYTES} of ${raw.length} bytes kept)` : reason,
  };
}

function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.slice(0, 300).toWellFormed();
}
