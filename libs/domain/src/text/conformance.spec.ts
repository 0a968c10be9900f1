import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { extractEntities } from './entities.js';
import { codePointOffsets } from './offsets.js';

const FILE = fileURLToPath(new URL('../../../../../shared/conformance/twitter-text/extract.yml', import.meta.url));
const present = existsSync(FILE);

type Expected = string | null | readonly (string | Record<string, unknown>)[];
interface Case {
  readonly description: string;
  readonly text: string;
  readonly expected: Expected;
}

const SECTIONS: Readonly<Record<string, (text: string) => unknown>> = {
  mentions: (text) => extractEntities(text).mentions.map((m) => m.name),
  mentions_with_indices: (text) =>
    extractEntities(text).mentions.map((m) => ({ screen_name: m.name, indices: [m.start, m.end] })),
  mentions_or_lists_with_indices: (text) =>
    extractEntities(text).mentions.map((m) => ({
      screen_name: m.name,
      list_slug: m.listSlug,
      indices: [m.start, m.end],
    })),
  replies: (text) => {
    const [first] = extractEntities(text).mentions;
    return first !== undefined && /^\s*$/.test(text.slice(0, first.start)) ? first.name : null;
  },
  urls: urlsOf,
  urls_with_indices: urlsWithIndices,
  urls_with_directional_markers: urlsWithIndices,
  tco_urls_with_params: urlsOf,
  hashtags: hashtagsOf,
  hashtags_from_astral: hashtagsOf,
  hashtags_with_indices: (text) =>
    extractEntities(text).hashtags.map((h) => ({ hashtag: h.name, indices: [h.start, h.end] })),
  cashtags: (text) => extractEntities(text).cashtags.map((c) => c.name),
  cashtags_with_indices: (text) =>
    extractEntities(text).cashtags.map((c) => ({ cashtag: c.name, indices: [c.start, c.end] })),
};

function urlsOf(text: string): string[] {
  return extractEntities(text).urls.map((u) => u.url);
}

function urlsWithIndices(text: string): unknown {
  return extractEntities(text).urls.map((u) => ({ url: u.url, indices: [u.start, u.end] }));
}

function hashtagsOf(text: string): string[] {
  return extractEntities(text).hashtags.map((h) => h.name);
}

/** The file counts code points, we count UTF-16 units. */
function inUnits(text: string, expected: Expected): unknown {
  if (!Array.isArray(expected)) return expected;
  const unit = codePointOffsets(text);
  return expected.map((entry: string | Record<string, unknown>) =>
    typeof entry === 'object' && Array.isArray(entry['indices'])
      ? { ...entry, indices: (entry['indices'] as number[]).map(unit) }
      : entry,
  );
}

if (present) {
  const { tests } = parse(readFileSync(FILE, 'utf8')) as { tests: Record<string, Case[]> };
  describe("twitter-text's extract.yml", () => {
    it('has the sections that are checked here, and no other', () => {
      expect(Object.keys(tests).sort()).toEqual(Object.keys(SECTIONS).sort());
    });
    for (const [section, cases] of Object.entries(tests)) {
      describe(section, () => {
        it.each(cases.map((c) => [c.description, c] as const))('%s', (_description, { text, expected }) => {
          expect(SECTIONS[section]?.(text)).toEqual(inUnits(text, expected));
        });
      });
    }
  });
} else {
  console.warn(`twitter-text's conformance cases are absent (${FILE}): not checked.`);
  it('has the conformance cases at hand in CI', () => {
    expect(process.env['CI'], `${FILE} is missing`).not.toBe('true');
  });
}
