/** A row of a table of settings in the README. */
export interface DocumentedSetting {
  readonly name: string;
  /** The default as code; null where the cell says in words how it is made, or that there is none. */
  readonly fallback: string | null;
}

const CODE = /`([^`]+)`/g;

/** All settings in the tables of a Markdown text whose first column is called `setting`. */
export function readmeSettings(markdown: string): readonly DocumentedSetting[] {
  const found: DocumentedSetting[] = [];
  let isTable = false;
  for (const line of markdown.split('\n')) {
    const cells = line.split('|').slice(1, -1);
    const [first = '', second = ''] = cells.map((cell) => cell.trim());
    if (cells.length === 0) isTable = false;
    else if (first === 'setting') isTable = true;
    else if (isTable && !/^-+$/.test(first)) {
      const fallbacks = codesIn(second);
      found.push(...codesIn(first).map((name, index) => ({ name, fallback: fallbacks[index] ?? null })));
    }
  }
  return found;
}

function codesIn(cell: string): readonly string[] {
  return [...cell.matchAll(CODE)].map(([, code = '']) => code);
}
