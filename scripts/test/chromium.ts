import { existsSync } from 'node:fs';
import { runStep } from './run-step.ts';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Path of a Chromium, from `CHROMIUM`, the usual places, or installed by apt. */
export async function ensureChromium(): Promise<string> {
  const find = (): string | undefined =>
    [process.env['CHROMIUM'] ?? '', ...PLACES].find((path) => path !== '' && existsSync(path));
  const found = find();
  if (found !== undefined) return found;
  console.log('Installing Chromium (apt-get install chromium) ...');
  const [command, first] = process.getuid?.() === 0 ? ['apt-get', []] : ['sudo', ['-n', 'apt-get']];
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  await runStep(command, [...first, 'update', '-qq'], { env });
  await runStep(command, [...first, 'install', '-y', '-qq', '--no-install-recommends', 'chromium'], { env });
  const installed = find();
  if (installed === undefined)
    throw new Error('The browser suite needs Chromium: install it, or set CHROMIUM to its path.');
  return installed;
}
