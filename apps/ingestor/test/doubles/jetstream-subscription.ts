import type { CommitContent, StoredEvent } from './jetstream-event.ts';
import type { RefusedUpgrade } from './jetstream.ts';

const V1_PATH = '/subscribe';
const V2_PATH = '/xrpc/network.bsky.jetstream.subscribeEvents';
const KINDS: readonly string[] = ['commit', 'identity', 'account', 'sync'];

/** Which events a client wants, and how large they may be at most. */
export interface Filter {
  readonly maxBytes: number;
  wants(event: StoredEvent): boolean;
}

export interface Subscription {
  readonly protocol: 'v1' | 'v2';
  readonly cursor: number | null;
  readonly filter: Filter;
}

/** What is asked for by a path and its query, or why it is refused. */
export function readSubscription(target: string): Subscription | RefusedUpgrade {
  const { pathname, searchParams } = new URL(target, 'ws://localhost');
  if (pathname !== V1_PATH && pathname !== V2_PATH) return { status: 404 };
  const protocol = pathname === V1_PATH ? 'v1' : 'v2';
  const invalid = (message: string): RefusedUpgrade =>
    protocol === 'v1'
      ? { status: 400, body: message }
      : { status: 400, body: JSON.stringify({ error: 'InvalidRequest', message }) };
  const rawCursor = searchParams.get('cursor') ?? '';
  if (!/^\d*$/.test(rawCursor)) return invalid(`invalid cursor: "${rawCursor}"`);
  const maxBytes = Number(searchParams.get('maxMessageSizeBytes') ?? 0) || Infinity;
  const cursor = rawCursor === '' ? null : Number(rawCursor);
  if (protocol === 'v1') {
    const collections = matcher(searchParams.getAll('wantedCollections'));
    const wants = ({ content }: StoredEvent): boolean => content.kind !== 'commit' || collections(content);
    return { protocol, cursor, filter: { maxBytes, wants } };
  }
  for (const former of ['wantedCollections', 'wantedDids', 'compress']) {
    if (searchParams.has(former)) return invalid(`${former} is a parameter of /subscribe`);
  }
  const kinds = searchParams.getAll('kinds');
  const unknown = kinds.find((kind) => !KINDS.includes(kind));
  if (unknown !== undefined) return invalid(`unknown kind "${unknown}"`);
  const wanted = searchParams.getAll('collections');
  if (wanted.length > 0 && kinds.length > 0 && !kinds.includes('commit')) {
    return invalid('collections could never apply');
  }
  const collections = matcher(wanted);
  const wants = ({ content }: StoredEvent): boolean =>
    (kinds.length === 0 || kinds.includes(content.kind)) && (content.kind !== 'commit' || collections(content));
  return { protocol, cursor, filter: { maxBytes, wants } };
}

/** Names, or prefixes with `.*` at their end; all where there are none. */
function matcher(patterns: readonly string[]): (content: CommitContent) => boolean {
  if (patterns.length === 0) return () => true;
  const exact = new Set(patterns.filter((pattern) => !pattern.endsWith('.*')));
  const prefixes = patterns.filter((pattern) => pattern.endsWith('.*')).map((pattern) => pattern.slice(0, -1));
  return ({ collection }) => exact.has(collection) || prefixes.some((prefix) => collection.startsWith(prefix));
}
