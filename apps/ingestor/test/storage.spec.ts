import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { captureKey } from '@analytica/domain/contracts';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleIngestor, removeBundle, startIngestor } from './support/ingestor-process.js';
import { mixedLines, tweet } from './support/lines.js';
import { readLake } from './support/read-lake.js';

const isRoot = process.getuid?.() === 0;
const NOBODY = 65534;
let entry: string;
let scratch: string;
const mounts: string[] = [];

beforeAll(async () => {
  entry = await bundleIngestor();
  scratch = await mkdtemp(join(tmpdir(), 'storage-'));
  await chmod(scratch, 0o755);
});
afterAll(async () => {
  for (const mount of mounts) execFileSync('umount', ['-l', mount]);
  await rm(scratch, { recursive: true, force: true });
  await removeBundle();
});

/** A disk of this size. Needs root and the right to mount. */
async function smallDisk(name: string, size: string): Promise<string> {
  const path = join(scratch, name);
  await mkdir(path);
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', path], { stdio: 'ignore' });
  mounts.push(path);
  return path;
}

function canMount(): boolean {
  const path = mkdtempSync(join(tmpdir(), 'mount-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', path], { stdio: 'ignore' });
    execFileSync('umount', [path]);
    return true;
  } catch {
    return false;
  } finally {
    rmdirSync(path);
  }
}

async function replayOf(lines: readonly string[]): Promise<Record<string, string>> {
  const file = join(scratch, `lines-${String(lines.length)}.ndjson`);
  await writeFile(file, lines.join('\n') + '\n', { mode: 0o644 });
  return { INGEST_SOURCE: 'replay', REPLAY_FILES: file, LAKE_FLUSH_SECONDS: '0.2' };
}

// Absent where it cannot run.
if (isRoot && canMount())
  describe('a full disk', () => {
    it(
      'blocks capture with one sentence, loses nothing, and goes on when there is room',
      { timeout: 300_000 },
      async () => {
        const disk = await smallDisk('full', '1m');
        const expected = mixedLines(6000, 3);
        const running = startIngestor(entry, { ...(await replayOf(expected.lines)), DATA_DIR: disk });
        const problem = await running.waitFor('problem');
        expect(problem['message']).toMatch(/^Capture waits\. The disk that holds .* is full: free some space there\.$/);
        expect(running.child.exitCode).toBeNull();
        execFileSync('mount', ['-o', 'remount,size=64m', disk]);
        const done = await running.waitFor('replay-done');
        running.child.kill('SIGTERM');
        expect(await running.ended).toBe(0);
        expect(done['accounting']).toMatchObject({ received: 6000, stored: expected.stored.length, pending: 0 });
        expect((await readLake(join(disk, 'lake'), scratch)).posts).toEqual(expected.stored.toSorted());
      },
    );

    it('survives being stopped while it is full', { timeout: 300_000 }, async () => {
      const disk = await smallDisk('stopped', '1m');
      const expected = mixedLines(6000, 4);
      const env = { ...(await replayOf(expected.lines)), DATA_DIR: disk };
      const running = startIngestor(entry, env);
      await running.waitFor('problem');
      running.child.kill('SIGTERM');
      expect(await running.ended).toBe(0);
      execFileSync('mount', ['-o', 'remount,size=64m', disk]);
      const again = startIngestor(entry, env);
      const done = await again.waitFor('replay-done');
      again.child.kill('SIGTERM');
      expect(await again.ended).toBe(0);
      expect(done['accounting']).toMatchObject({ received: 6000, stored: expected.stored.length });
      expect((await readLake(join(disk, 'lake'), scratch)).posts).toEqual(expected.stored.toSorted());
    });
  });

const url = process.env['TEST_REDIS_URL'];
if (isRoot && canMount())
  describe('the banner of a full disk', () => {
    it.each([
      ['while capturing', 0],
      ['from the start', 1_048_576],
    ])('is published as long as it is full: %s', { timeout: 300_000 }, async (name, filled) => {
      if (url === undefined) throw new Error('TEST_REDIS_URL is not set: this test needs a Redis.');
      const disk = await smallDisk(`banner ${name}`, '1m');
      if (filled > 0) {
        // As much as there is room for.
        await writeFile(join(disk, 'filler'), Buffer.alloc(filled)).catch(() => undefined);
      }
      const prefix = `banner-${String(process.pid)}-${String(filled)}:`;
      const redis = new Redis(url);
      const heard: { state: string; problem: string | null }[] = [];
      redis.on('message', (_channel, message: string) => heard.push(JSON.parse(message) as (typeof heard)[0]));
      await redis.subscribe(captureKey(prefix));
      const env = await replayOf(mixedLines(6000, 5).lines);
      const running = startIngestor(entry, { ...env, DATA_DIR: disk, REDIS_URL: url, REDIS_PREFIX: prefix });
      await running.waitFor('problem');
      const before = heard.length;
      await expect.poll(() => heard.length, { timeout: 120_000 }).toBeGreaterThan(before + 4);
      for (const each of heard.slice(-3)) {
        expect(each).toMatchObject({ state: 'STOPPED', problem: expect.stringContaining('is full') as string });
      }
      execFileSync('mount', ['-o', 'remount,size=64m', disk]);
      await running.waitFor('replay-done');
      running.child.kill('SIGTERM');
      expect(await running.ended).toBe(0);
      redis.disconnect();
    });
  });

describe('refusals', () => {
  // Needs root, to make a folder that belongs to somebody else.
  if (isRoot)
    it('says so when it may not write', async () => {
      const locked = join(scratch, 'locked');
      await mkdir(locked, { mode: 0o755 });
      await chown(locked, NOBODY, NOBODY);
      const env = { ...(await replayOf([tweet('1')])), DATA_DIR: locked };
      const running = startIngestor(entry, env, { unprivileged: true });
      const fatal = await running.waitFor('fatal');
      expect(fatal['message']).toMatch(/^No permission to write in .*: give this user the right to, or set DATA_DIR/);
      expect(await running.ended).toBe(1);
      expect(running.stderr()).not.toMatch(/\n\s+at /);
    });

  it.each([
    [{ INGEST_SOURCE: 'twitter' }, /^INGEST_SOURCE is "twitter"/],
    [{ LAKE_RETENTION_DAYS: '-1' }, /^LAKE_RETENTION_DAYS is "-1"/],
    [{ LAKE_FLUSH_SECONDS: 'soon' }, /^LAKE_FLUSH_SECONDS is "soon"/],
    [{ INGEST_SOURCE: 'replay' }, /REPLAY_FILES is empty/],
    [{ INGEST_SOURCE: 'replay', REPLAY_FILES: '["a' }, /REPLAY_FILES is neither/],
    [{ DEMO_SEED: 'x' }, /^DEMO_SEED is "x"/],
  ])('of %j: one sentence, exit code 2', async (env, message) => {
    const running = startIngestor(entry, { DATA_DIR: join(scratch, 'config'), ...env });
    expect((await running.waitFor('fatal'))['message']).toMatch(message);
    expect(await running.ended).toBe(2);
  });

  it('says which file is missing', async () => {
    const env = { INGEST_SOURCE: 'replay', REPLAY_FILES: '/no/such/file', DATA_DIR: join(scratch, 'missing') };
    const running = startIngestor(entry, env);
    expect((await running.waitFor('fatal'))['message']).toContain('/no/such/file');
    expect(await running.ended).toBe(2);
  });

  it('of a second ingestor on the same lake; a killed one is no hindrance', async () => {
    const env = { INGEST_SOURCE: 'none', DATA_DIR: join(scratch, 'shared') };
    const first = startIngestor(entry, env);
    await expect
      .poll(() => readdir(join(scratch, 'shared/lake')).catch(() => []), { timeout: 120_000 })
      .toContain('log');
    const second = startIngestor(entry, env);
    expect((await second.waitFor('fatal'))['message']).toMatch(
      /^Another ingestor \(process \d+\) writes in .*: stop it, or set DATA_DIR/,
    );
    expect(await second.ended).toBe(2);
    first.child.kill('SIGKILL');
    await first.ended;
    const third = startIngestor(entry, env);
    await expect
      .poll(() => readFile(join(scratch, 'shared/lake/ingestor.lock'), 'utf8'))
      .toContain(`"pid":${String(third.child.pid)},`);
    third.child.kill('SIGTERM');
    expect(await third.ended).toBe(0);
  });

  it('of a lake whose list of files is broken, which stays as it is', async () => {
    const root = join(scratch, 'broken/lake');
    await mkdir(root, { recursive: true });
    await writeFile(join(root, 'manifest.json'), '{"formatVersion":2}');
    const running = startIngestor(entry, { INGEST_SOURCE: 'none', DATA_DIR: join(scratch, 'broken') });
    expect((await running.waitFor('fatal'))['message']).toMatch(/list of files.*not as it should be/);
    expect(await running.ended).toBe(2);
  });
});
