import { stripVTControlCharacters } from 'node:util';

/** One thing that went wrong: a test, or a step that is no test. */
export interface Failure {
  readonly name: string;
  readonly message: string;
}

const MOST = 10;
/** Lines of a message that are shown. */
const MOST_LINES = 10;
/** Of them, those that are free for the end of a command's output. */
export const SHOWN_LINES = MOST_LINES - 2;
const MOST_CHARS = 300;

/** What failed, short enough to survive where a log is cut: no colours, no stacks, no long lines. */
export function failureLines(
  suites: readonly { readonly name: string; readonly failures: readonly Failure[] }[],
): string[] {
  const all = suites.flatMap(({ name, failures }) =>
    failures.map((failure) => ({ name: `${name}: ${failure.name}`, message: failure.message })),
  );
  const lines = all
    .slice(0, MOST)
    .flatMap(({ name, message }) => [
      cut(`FAILED ${oneLine(name)}`),
      ...told(message).map((line) => cut(`    ${line}`)),
    ]);
  if (all.length > MOST) lines.push(`and ${all.length - MOST} more`);
  return lines;
}

/** The lines of a message that say something; of the places in code only the first in a test of ours. */
function told(message: string): string[] {
  const lines = plain(message)
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line.trim() !== '');
  const [first, ...rest] = lines;
  if (first === undefined) return [];
  const ours = rest.find((line) => isPlace(line) && /\.(?:spec|check)\.ts:\d+/.test(line));
  const words = [first, ...rest.filter((line) => !isPlace(line))];
  const room = MOST_LINES - 1;
  return ours === undefined ? words.slice(0, room) : [...words.slice(0, room - 1), ours.trim()];
}

const isPlace = (line: string): boolean => /^\s*at .*:\d+:\d+\)?$/.test(line);
const oneLine = (text: string): string => plain(text).replace(/\s+/g, ' ').trim();
const cut = (line: string): string => (line.length > MOST_CHARS ? `${line.slice(0, MOST_CHARS - 1)}…` : line);

function plain(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\n]/gu, ' ');
}
