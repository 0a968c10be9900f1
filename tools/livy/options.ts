import { parseArgs } from 'node:util';
import type { ServerOptions } from './server.ts';

export const USAGE = `Options:
  --port N            on 127.0.0.1 (default 8998; 0 takes a free one)
  --manners 0.8|0.9   Livy's version (default 0.9)
  --conf KEY=VALUE    livy.* or spark.*; may be repeated
  --orphans           drivers outlive the server, as Livy's do (default: they end with it)
  --no-namespace      the real server outside a network namespace of its own`;

/** Options of a server, or the sentence that says what is wrong with them. */
export function parseServerOptions(
  argv: readonly string[],
  say: (sentence: string) => void,
): (ServerOptions & { readonly kind: string | undefined; readonly help: boolean }) | string {
  try {
    const { values } = parseArgs({
      args: [...argv],
      allowNegative: true,
      options: {
        port: { type: 'string', default: '8998' },
        manners: { type: 'string', default: '0.9' },
        conf: { type: 'string', multiple: true, default: [] },
        orphans: { type: 'boolean', default: false },
        namespace: { type: 'boolean', default: true },
        kind: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
    const { manners, port, kind } = values;
    if (manners !== '0.8' && manners !== '0.9') return `--manners is 0.8 or 0.9, not ${manners}`;
    if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) return `--port is a port number, not ${port}`;
    if (kind !== undefined && kind !== 'real' && kind !== 'stand-in') return `--kind is real or stand-in, not ${kind}`;
    const { conf, orphans, namespace, help } = values;
    return { manners, port: Number(port), conf, orphans, isolated: namespace, kind, help, say };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
