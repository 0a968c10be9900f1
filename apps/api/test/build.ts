import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Builds what changed, once before all tests. */
export function setup(): void {
  const tsc = fileURLToPath(new URL('../../../node_modules/typescript/bin/tsc', import.meta.url));
  const project = fileURLToPath(new URL('../tsconfig.app.json', import.meta.url));
  const { status, stdout } = spawnSync(process.execPath, [tsc, '--build', project], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`The API does not build:\n${stdout}`);
}
