import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';

const find = (): string | undefined =>
  globSync(['/usr/lib/*/faketime/libfaketime.so.1', '/usr/lib/faketime/libfaketime.so.1'])[0];

/**
 * The library that shows a process another wall clock, installed by apt where it is missing.
 * @throws Error where it cannot be installed.
 */
export function ensureFaketime(): string {
  const found = find();
  if (found !== undefined) return found;
  const prefix = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', 'libfaketime']]) {
    const [command = 'apt-get', ...rest] = [...prefix, 'apt-get', ...args];
    spawnSync(command, rest, { stdio: 'ignore' });
  }
  const installed = find();
  if (installed === undefined) throw new Error('libfaketime is missing: sudo apt-get install libfaketime');
  return installed;
}
