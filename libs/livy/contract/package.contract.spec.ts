import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { LIVY_URL } from './support.js';

const run = promisify(execFile);

const PACKAGE = join(import.meta.dirname, '..');
const TSC = join(PACKAGE, '../../node_modules/typescript/bin/tsc');

/** The first example of the README and what it says it prints. */
function example(): { source: string; printed: string } {
  const source = /```ts\n(.*?)```/s.exec(readFileSync(join(PACKAGE, 'README.md'), 'utf8'))?.[1] ?? '';
  const printed = /console\.log\(.*\); \/\/ (.*)$/m.exec(source)?.[1] ?? '';
  return { source, printed };
}

it("the package, packed and installed in an empty project: the README's example compiles, runs and prints what it says", async () => {
  const folder = mkdtempSync(join(tmpdir(), 'livy-package-'));
  try {
    const { source, printed } = example();
    expect(printed).toMatch(/^\d+$/);
    const packed = await run('npm', ['pack', '--json', '--pack-destination', folder], { cwd: PACKAGE });
    const [tarball] = JSON.parse(packed.stdout) as { filename: string; files: { path: string }[] }[];
    const files = (tarball?.files ?? []).map((file) => file.path);
    expect(files).toEqual(expect.arrayContaining(['dist/index.js', 'dist/index.d.ts', 'README.md', 'LICENSE']));
    expect(files.filter((path) => /spec|testing|contract|src\//.test(path))).toEqual([]);

    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'empty', private: true, type: 'module' }));
    const flags = ['--offline', '--no-audit', '--no-fund', '--install-strategy=nested'];
    await run('npm', ['install', ...flags, `./${tarball?.filename ?? ''}`], { cwd: folder });
    const { stdout: tree } = await run('npm', ['ls', '--all', '--parseable'], { cwd: folder });
    expect(tree.trim().split('\n')).toHaveLength(2); // the project and this package: it brings nothing along

    writeFileSync(join(folder, 'example.ts'), source);
    // @types/node lies outside the empty project; console and process are all that the example needs of it.
    writeFileSync(
      join(folder, 'globals.d.ts'),
      'declare const process: { env: Record<string, string | undefined> };\ndeclare const console: { log(value: unknown): void };\n',
    );
    const checks = ['--strict', '--noEmit', '--skipLibCheck', '--module', 'nodenext', '--target', 'es2023'];
    await run(process.execPath, [TSC, ...checks, 'globals.d.ts', 'example.ts'], { cwd: folder });
    const env = { ...process.env, LIVY_URL };
    const { stdout } = await run(process.execPath, ['example.ts'], { cwd: folder, env });
    expect(stdout.trim()).toBe(printed);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
