const NAMES: Readonly<Record<string, readonly [name: string, detail: string]>> = {
  bluesky: ['Bluesky', 'whole stream'],
  'x-filtered': ['X', 'filtered stream'],
  'x-sampled': ['X', 'sampled stream'],
  'x-search': ['X', 'search'],
  demo: ['Demo data', 'generated'],
  replay: ['Files', 'import'],
};

/** What a source is called on the page. @param name - as `INGEST_SOURCES` has it. */
export function sourceWords(name: string): { readonly name: string; readonly detail: string } {
  const [words, detail] = NAMES[name] ?? [name, ''];
  return { name: words, detail };
}

/** A name that tells sources of one platform apart. */
export function fullSourceName(name: string): string {
  const words = sourceWords(name);
  return words.name === 'X' ? `${words.name}, ${words.detail}` : words.name;
}
