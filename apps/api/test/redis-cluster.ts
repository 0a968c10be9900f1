import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort, until } from './stack.js';

const SLOTS = 16_384;

interface Node {
  readonly port: number;
  readonly folder: string;
  readonly child: ChildProcess;
  readonly client: Redis;
}

/** A Redis Cluster of three masters on this machine, without replicas. */
export class TestCluster {
  readonly #nodes: Node[] = [];

  static async start(): Promise<TestCluster> {
    const cluster = new TestCluster();
    for (let i = 0; i < 3; i++) cluster.#nodes.push(await startNode());
    const [first, ...others] = cluster.#nodes;
    if (first === undefined) throw new Error('no node');
    const share = Math.ceil(SLOTS / cluster.#nodes.length);
    for (const [i, { client }] of cluster.#nodes.entries()) {
      const last = Math.min(SLOTS, (i + 1) * share) - 1;
      await client.call('CLUSTER', 'ADDSLOTSRANGE', i * share, last);
    }
    for (const { port } of others) {
      const bus = await busPort(port, cluster.#nodes);
      await first.client.call('CLUSTER', 'MEET', '127.0.0.1', port, bus);
    }
    await until('the cluster is up', async () => {
      const infos = await Promise.all(
        cluster.#nodes.map(async ({ client }) => String(await client.call('CLUSTER', 'INFO'))),
      );
      return infos.every((info) => /cluster_state:ok/.test(info) && /cluster_known_nodes:3/.test(info));
    });
    return cluster;
  }

  /** As `REDIS_URL` names it: two of the nodes, which know the third. */
  get url(): string {
    return `redis+cluster://${this.#nodes
      .slice(0, 2)
      .map(({ port }) => `127.0.0.1:${String(port)}`)
      .join(',')}`;
  }

  get nodes(): readonly { readonly host: string; readonly port: number }[] {
    return this.#nodes.map(({ port }) => ({ host: '127.0.0.1', port }));
  }

  /** All keys of each node. */
  async keys(): Promise<readonly (readonly string[])[]> {
    return Promise.all(this.#nodes.map(async ({ client }) => client.keys('*')));
  }

  async close(): Promise<void> {
    for (const { client, child, folder } of this.#nodes) {
      client.disconnect();
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
      await rm(folder, { recursive: true, force: true });
    }
  }
}

const busPorts = new Map<number, number>();

async function startNode(): Promise<Node> {
  const [port, bus] = [await freePort(), await freePort()];
  busPorts.set(port, bus);
  const folder = await mkdtemp(join(tmpdir(), 'test-redis-cluster-'));
  const child = spawn(
    'redis-server',
    [
      ...['--port', String(port), '--cluster-port', String(bus), '--bind', '127.0.0.1', '--dir', folder],
      ...['--cluster-enabled', 'yes', '--save', '', '--maxmemory-policy', 'noeviction'],
    ],
    { stdio: 'ignore' },
  );
  await once(child, 'spawn');
  const client = new Redis({ port, host: '127.0.0.1', retryStrategy: () => 50 });
  client.on('error', () => undefined); // until it has started
  await client.ping();
  return { port, folder, child, client };
}

function busPort(port: number, nodes: readonly Node[]): Promise<number> {
  const bus = busPorts.get(port);
  if (bus === undefined || !nodes.some((node) => node.port === port)) throw new Error(`no node ${String(port)}`);
  return Promise.resolve(bus);
}
