import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkDataDir, checkPort, explainWriteFailure, freePort } from './preflight.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'preflight-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('checkDataDir', () => {
  it('makes the folder and leaves nothing in it', () => {
    checkDataDir(join(folder, 'a', 'b'));
    expect(readdirSync(join(folder, 'a', 'b'))).toEqual([]);
  });

  it('says that a file is in the way', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(() => checkDataDir(join(folder, 'file'))).toThrow(/is not a folder/);
  });

  it('explains a missing right and a full disk', () => {
    const error = (code: string) => Object.assign(new Error(code), { code });
    expect(explainWriteFailure(error('EACCES'), '/x')).toMatch(/no right to write in \/x/);
    expect(explainWriteFailure(error('ENOSPC'), '/x')).toMatch(/disk that holds \/x is full/);
  });

  // Only root may mount a file system of 1 MiB; elsewhere the sentence alone is tested, above.
  if (process.getuid?.() === 0)
    it('fails on a full disk', () => {
      const mount = join(folder, 'small');
      mkdirSync(mount);
      expect(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', mount]).status).toBe(0);
      try {
        writeFileSync(join(mount, 'filler'), Buffer.alloc(1_020_000));
        expect(() => checkDataDir(mount)).toThrow(/full/);
      } finally {
        spawnSync('umount', [mount]);
      }
    });
});

describe('checkPort', () => {
  it('accepts a free port and names a used one', async () => {
    const port = await freePort();
    await checkPort('127.0.0.1', port);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', () => resolve()));
    try {
      await expect(checkPort('127.0.0.1', port)).rejects.toThrow(`port ${port} is in use`);
    } finally {
      server.close();
    }
  });
});
