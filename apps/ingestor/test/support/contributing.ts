import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const ROOT = join(import.meta.dirname, '../../../..');
/** What adding a source may touch, and what the touched files need. */
const COPIED = ['apps/ingestor/src', 'scripts/start', 'libs/lake/src/catalog/default-lake.ts', 'README.md'];

/** A step of a chapter of CONTRIBUTING.md: a new file, or a change of one. */
export interface Step {
  readonly kind: 'ts' | 'diff';
  readonly path: string;
  readonly text: string;
}

/** The steps of the chapter with this heading, in order. */
export async function stepsOf(heading: string): Promise<readonly Step[]> {
  const markdown = await readFile(join(ROOT, 'CONTRIBUTING.md'), 'utf8');
  const chapter = markdown.split(/^## /m).find((each) => each.startsWith(`${heading}\n`)) ?? '';
  const fences = /^( *)```(ts|diff) (\S+)\n(.*?)\n\1```$/gms;
  return [...chapter.matchAll(fences)].map(([, indent = '', kind, path = '', text = '']) => ({
    kind: kind === 'ts' ? 'ts' : 'diff',
    path,
    text: text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  }));
}

/** Copies the parts of the repository that adding a source may touch. */
export async function copyRepository(target: string): Promise<void> {
  for (const path of COPIED) {
    await mkdir(dirname(join(target, path)), { recursive: true });
    await cp(join(ROOT, path), join(target, path), { recursive: true });
  }
}

/** Does what a step says. @throws where the file does not have the lines that the step names. */
export async function follow(step: Step, root: string): Promise<void> {
  const path = join(root, step.path);
  if (step.kind === 'ts') {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, `${step.text}\n`);
    return;
  }
  const lines = (await readFile(path, 'utf8')).split('\n');
  const plain = (line: string): string => line.trim().replaceAll(/ +/g, ' ');
  let at = 0;
  for (const line of step.text.split('\n')) {
    if (line.startsWith('+')) {
      lines.splice(at, 0, line.slice(1));
      at += 1;
    } else {
      const isRemoved = line.startsWith('-');
      const wanted = plain(isRemoved ? line.slice(1) : line);
      const found = lines.findIndex((each, index) => index >= at && plain(each) === wanted);
      if (found === -1) throw new Error(`${step.path} has no line "${wanted}" any more.`);
      if (isRemoved) lines.splice(found, 1);
      at = isRemoved ? found : found + 1;
    }
  }
  await writeFile(path, lines.join('\n'));
}
