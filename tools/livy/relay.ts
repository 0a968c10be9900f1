import { connect, createServer, type NetConnectOpts, type Server } from 'node:net';

/**
 * Joins every connection made to `from` with one to `to`. A socket file reaches into a network namespace where an address
 * does not.
 */
export async function relay(from: NetConnectOpts, to: NetConnectOpts): Promise<Server> {
  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ ...to, noDelay: true });
    near.pipe(far).pipe(near);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  });
  return await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(from, () => {
      resolve(server);
    });
  });
}
