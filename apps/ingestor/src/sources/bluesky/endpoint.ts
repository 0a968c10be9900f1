import { AppError } from '@analytica/domain';

/** The two forms of Jetstream; the URL's path tells which one a server speaks. */
export type Protocol = 'v1' | 'v2';

const V1_PATH = '/subscribe';
const V2_PATH = '/xrpc/network.bsky.jetstream.subscribeEvents';
const COLLECTIONS = ['app.bsky.feed.post', 'app.bsky.feed.repost'];
/** `sync` is left out: what it says of a repository is nothing that a post holds. */
const KINDS = ['commit', 'identity', 'account'];
/** What a connection is asked for is decided here, whatever stands in the configured URL. */
const OWN_PARAMETERS = [
  ...['cursor', 'wantedCollections', 'collections', 'kinds', 'compress', 'zstdDictionary', 'requireHello'],
  'maxMessageSizeBytes',
];

/** Operated by Bluesky, open to everybody. */
const PUBLIC_SERVERS = ['jetstream1.us-east', 'jetstream2.us-east', 'jetstream1.us-west', 'jetstream2.us-west']
  .map((name) => `wss://${name}.bsky.network${V1_PATH}`)
  .join(',');

/** A Jetstream server. */
export interface Endpoint {
  readonly protocol: Protocol;
  /** Host and port, for people. */
  readonly host: string;
  /** Stays the same over versions: it stands in cursors. */
  readonly id: string;
  readonly url: string;
}

/**
 * Reads a list of servers, with commas between them.
 * @throws AppError `CONFIG_INVALID`. Its message shows no URL, because a URL may hold a password.
 */
export function parseEndpoints(list: string = PUBLIC_SERVERS): readonly Endpoint[] {
  const items = list
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
  const endpoints = items.map((item, index) => parseEndpoint(item, index + 1));
  const distinct = endpoints.filter(({ id }, index) => endpoints.findIndex((other) => other.id === id) === index);
  if (distinct.length === 0) throw invalid('it names no server');
  return distinct;
}

function parseEndpoint(text: string, place: number): Endpoint {
  if (!URL.canParse(text)) throw invalid(`its part ${place} is not a URL`);
  const url = new URL(text);
  if (url.protocol !== 'ws:' && url.protocol !== 'wss:')
    throw invalid(`its part ${place} begins neither with ws:// nor wss://`);
  const path = url.pathname.replace(/\/+$/, '');
  const protocol = path.endsWith(V2_PATH) ? 'v2' : path.endsWith(V1_PATH) ? 'v1' : null;
  if (protocol === null)
    throw invalid(`the path of its part ${place} ends neither with ${V1_PATH} nor with ${V2_PATH}`);
  for (const name of OWN_PARAMETERS) url.searchParams.delete(name);
  url.hash = '';
  return { protocol, host: url.host, id: `${url.host}${path}`, url: url.href };
}

/**
 * The address of a subscription to posts and reposts.
 * @param cursor - where to go on, as the protocol has it; null: with what happens from now on.
 * @param maxFrameBytes - larger events are left out by the server; null: none is.
 */
export function subscriptionUrl(
  { url: base, protocol }: Endpoint,
  cursor: number | null,
  maxFrameBytes: number | null,
): string {
  const url = new URL(base);
  for (const name of COLLECTIONS)
    url.searchParams.append(protocol === 'v1' ? 'wantedCollections' : 'collections', name);
  if (protocol === 'v2') for (const kind of KINDS) url.searchParams.append('kinds', kind);
  if (cursor !== null) url.searchParams.set('cursor', String(cursor));
  if (maxFrameBytes !== null) url.searchParams.set('maxMessageSizeBytes', String(maxFrameBytes));
  return url.href;
}

function invalid(reason: string): AppError {
  return new AppError('CONFIG_INVALID', `BLUESKY_JETSTREAM_URL is not usable: ${reason}.`);
}
