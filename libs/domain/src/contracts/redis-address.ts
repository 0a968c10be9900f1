/** Where a Redis is. */
export type RedisAddress =
  /** One server: an address as the client library takes it. */
  | { readonly type: 'server'; readonly url: string }
  /** A Redis Cluster: some of its nodes, which name the others. */
  | {
      readonly type: 'cluster';
      readonly nodes: readonly { readonly host: string; readonly port: number }[];
      readonly username: string | null;
      readonly password: string | null;
      readonly tls: boolean;
    };

const DEFAULT_PORT = 6_379;
const CLUSTER = /^redis(s?)\+cluster:\/\/(?:([^:@/]*)(?::([^@/]*))?@)?([^/@?#]+)\/?$/;
const NODE = /^(\[[0-9a-fA-F:.]+\]|[^:[\]]+)(?::(\d{1,5}))?$/;

/**
 * Reads a `REDIS_URL`: `redis://`, `rediss://` or `unix://` for one server, `redis+cluster://` or `rediss+cluster://` with one or more
 * nodes, separated by commas, for a Redis Cluster: `redis+cluster://user:password@10.0.0.1:6379,10.0.0.2:6379`.
 * @returns null for anything else.
 */
export function readRedisAddress(url: string): RedisAddress | null {
  if (/^rediss?:\/\/.+|^unix:\/\/.+/.test(url)) return { type: 'server', url };
  const [whole, tls, username, password, list = ''] = CLUSTER.exec(url) ?? [];
  if (whole === undefined) return null;
  const nodes: { host: string; port: number }[] = [];
  for (const node of list.split(',')) {
    const [, host, port] = NODE.exec(node) ?? [];
    if (host === undefined || Number(port ?? 0) > 65_535) return null;
    nodes.push({ host: host.replace(/^\[|\]$/g, ''), port: port === undefined ? DEFAULT_PORT : Number(port) });
  }
  return { type: 'cluster', nodes, username: decoded(username), password: decoded(password), tls: tls === 's' };
}

function decoded(part: string | undefined): string | null {
  if (part === undefined || part === '') return null;
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // a bare % in a password
  }
}
