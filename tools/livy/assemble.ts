import { spawn } from 'node:child_process';
import { existsSync, globSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { serverPom } from './pom.ts';

/** Why no real Livy can be had here: one sentence for the user. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
}

const PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1';
const QUIET = ['-B', '-ntp', '-q', '-Dstyle.color=never'];

/** Folder outside the checkout that holds what is downloaded. */
export function cacheFolder(): string {
  return join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'twitter-analytica');
}

async function run(command: string, args: readonly string[], cwd?: string): Promise<{ code: number; output: string }> {
  return await new Promise((resolve) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const keep = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', (error) => {
      resolve({ code: 127, output: error.message });
    });
    child.once('close', (code) => {
      resolve({ code: code ?? 1, output });
    });
  });
}

async function ensureMaven(say: (sentence: string) => void): Promise<void> {
  const has = async (): Promise<boolean> => (await run('mvn', ['-version'])).code === 0;
  if (await has()) return;
  say('Installing Maven (apt-get install maven) ...');
  const [command, first] = process.getuid?.() === 0 ? ['apt-get', []] : ['sudo', ['-n', 'apt-get']];
  await run(command, [...first, 'update', '-qq']);
  await run(command, [...first, 'install', '-y', '-qq', '--no-install-recommends', 'maven']);
  if (!(await has()))
    throw new Unavailable('A real Livy is assembled by Maven, which is neither here nor installable.');
}

async function copy(coordinates: string, folder: string): Promise<void> {
  const { code, output } = await run('mvn', [
    ...QUIET,
    `${PLUGIN}:copy`,
    `-Dartifact=${coordinates}`,
    `-DoutputDirectory=${folder}`,
  ]);
  if (code !== 0) throw new Unavailable(missing(coordinates, output));
}

function missing(what: string, output: string): string {
  const first = output.split('\n').find((line) => line.includes('[ERROR]')) ?? 'no message';
  return `Maven cannot get ${what} here (${first.replace('[ERROR]', '').trim().slice(0, 160)} ...).`;
}

/**
 * Folder of a real Livy, assembled from Maven coordinates on the first call.
 *
 * @param version `0.8.0` or `0.9.0`
 * @throws {@link Unavailable} where the coordinates cannot be had
 */
export async function assemble(version: string, say: (sentence: string) => void): Promise<string> {
  const home = join(cacheFolder(), `livy-${version}`);
  if (existsSync(join(home, 'jars'))) return home;
  await ensureMaven(say);
  say(`Assembling Livy ${version} from Maven coordinates into ${home} (71 MB, once) ...`);
  mkdirSync(cacheFolder(), { recursive: true });
  const work = mkdtempSync(join(cacheFolder(), `livy-${version}-`));
  try {
    const full = `${version}-incubating`;
    // The one that mirrors lack most often comes first.
    await copy(`org.apache.livy:livy-repl_2.12:${full}`, join(work, 'repl_2.12-jars'));
    await copy(`org.apache.livy:livy-core_2.12:${full}`, join(work, 'repl_2.12-jars'));
    await copy(`org.apache.livy:livy-rsc:${full}`, join(work, 'rsc-jars'));
    await copy(`org.apache.livy:livy-api:${full}`, join(work, 'rsc-jars'));
    writeFileSync(join(work, 'pom.xml'), serverPom(full));
    const args = [...QUIET, '-Pscala-2.12', '-f', 'pom.xml', `${PLUGIN}:copy-dependencies`];
    const { code, output } = await run('mvn', args, work);
    if (code !== 0) throw new Unavailable(missing(`the jars of livy-server ${full}`, output));
    // The parent POM fixes the folder.
    const jars = join(work, 'target', 'jars');
    const wrong = globSync('*_2.11*.jar', { cwd: jars });
    if (wrong.length > 0) throw new Unavailable(`Maven gave jars of another Scala: ${wrong.join(', ')}.`);
    renameSync(jars, join(work, 'jars'));
    rmSync(home, { recursive: true, force: true });
    renameSync(work, home);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return home;
}
