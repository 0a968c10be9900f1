import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createServer } from 'node:net';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Snapshot } from '@analytica/lake';
import { LocalFixtureLakes, type FixtureRows } from '../conformance/index.js';
import { allPages, answerOf, NEVER, question, Recorder } from '../conformance/harness.js';
import { Dice, randomLake } from '../conformance/random-lake.js';
import { referenceAnswer } from '../conformance/reference.js';
import { createSparkEngine } from './index.js';
import { testPool } from './testing.js';

// The same answers from a lake in an object store: moto's S3 server, read by Spark over Hadoop's s3a://.
const BUCKET = 'lake';
const ENSURE = join(import.meta.dirname, '../../testing/ensure-s3.sh');
const URL = process.env['LIVY_URL'] ?? '';

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

class ObjectStore {
  readonly #url: string;
  readonly #process: ChildProcess;

  private constructor(url: string, process: ChildProcess) {
    this.#url = url;
    this.#process = process;
  }

  static async start(python: string): Promise<ObjectStore> {
    const port = String(await freePort());
    const child = spawn(python, ['-m', 'moto.server', '-H', '127.0.0.1', '-p', port], { stdio: 'ignore' });
    const store = new ObjectStore(`http://127.0.0.1:${port}`, child);
    for (let tries = 0; tries < 1_200; tries++) {
      if (
        await fetch(store.#url).then(
          () => true,
          () => false,
        )
      )
        break;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await store.put('', new Uint8Array());
    return store;
  }

  get endpoint(): string {
    return this.#url;
  }

  /** An object; the empty key is the bucket itself. Moto asks for no signature. */
  async put(key: string, body: Uint8Array<ArrayBuffer>): Promise<void> {
    const reply = await fetch(`${this.#url}/${BUCKET}${key === '' ? '' : `/${key}`}`, { method: 'PUT', body });
    if (!reply.ok) throw new Error(`the object store said ${String(reply.status)}: ${await reply.text()}`);
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.kill();
    await ended;
  }
}

describe('the Spark engine on s3a://', () => {
  const lakes = new LocalFixtureLakes();
  const prefix = 'posts/a b/lake';
  let store: ObjectStore;
  let sessions: ReturnType<typeof testPool>;
  let snapshot: Snapshot;
  let rows: FixtureRows;

  beforeAll(async () => {
    // Absent parts fail here and are never passed over: nothing would be proved.
    const { status, stdout } = spawnSync('sh', [ENSURE], { stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8' });
    if (status !== 0)
      throw new Error('s3a:// was NOT tested: its jars or moto cannot be had here, see the lines above.');
    const home = stdout.trim().split('\n').at(-1) ?? '';
    store = await ObjectStore.start(join(home, 'python/bin/python'));
    const jars = spawnSync('sh', ['-c', 'ls "$1"/jars/*.jar', 'sh', home], { encoding: 'utf8' }).stdout.trim();
    sessions = testPool(URL, {
      session: {
        driverMemory: '768m',
        heartbeatTimeoutInSecond: 600,
        conf: {
          'spark.jars': jars.replaceAll('\n', ','),
          'spark.driver.extraClassPath': jars.replaceAll('\n', ':'),
          'spark.hadoop.fs.s3a.endpoint': store.endpoint,
          'spark.hadoop.fs.s3a.path.style.access': 'true',
          'spark.hadoop.fs.s3a.connection.ssl.enabled': 'false',
          'spark.hadoop.fs.s3a.access.key': 'test',
          'spark.hadoop.fs.s3a.secret.key': 'test',
          'spark.hadoop.fs.s3a.attempts.maximum': '2',
        },
      },
    });
    rows = randomLake(new Dice(5), 150);
    snapshot = await lakes.prepare(rows);
    for (const { path } of [...snapshot.manifest.files, ...snapshot.manifest.tombstones]) {
      await store.put(`${encodeURI(prefix)}/${path}`, new Uint8Array(await readFile(join(snapshot.root, path))));
    }
  });

  afterAll(async () => {
    await sessions.close();
    await store.stop();
    await lakes.remove();
  });

  function engine(heldRows: number) {
    return createSparkEngine({ pool: sessions.pool, heldRows, rootUri: () => `s3a://${BUCKET}/${prefix}` });
  }

  it('gives the reference’s answer', async () => {
    for (const [heldRows, topic] of [
      [50_000, 'cat OR dog'],
      [0, '#cat AND NOT the'],
    ] as const) {
      const spec = question(topic);
      const result = await engine(heldRows).run(spec, snapshot, new Recorder(), NEVER);
      expect(answerOf(result), topic).toEqual(answerOf(referenceAnswer(rows, spec)));
    }
  });

  it('pages', async () => {
    const spec = question('cat OR dog');
    const { posts } = await allPages(engine(50_000), snapshot, spec, 'newest', 40);
    expect(posts).toEqual(referenceAnswer(rows, spec).allNewest);
  });

  it('names an object that is missing', async () => {
    const [first, ...others] = snapshot.manifest.files;
    if (first === undefined) throw new Error('no file');
    const file = { ...first, path: '2026/03/02/00/posts-nowhere.parquet' };
    const broken = { ...snapshot, manifest: { ...snapshot.manifest, files: [file, ...others] } };
    const run = engine(50_000).run(question('cat'), broken, new Recorder(), NEVER);
    await expect(run).rejects.toMatchObject({
      code: 'ENGINE_FAILED',
      message: `The file ${file.path} of the lake is missing.`,
    });
  });
});
