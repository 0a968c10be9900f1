import { DuckDBInstance } from '@duckdb/node-api';
import { parseTopic } from '@analytica/domain/topic';
import { fileUri, type Snapshot } from '@analytica/lake';

/** Tokens, tags and phrases of a lake with how many posts have them, most first. */
type Ranked = readonly { readonly text: string; readonly posts: number }[];

async function ranked(snapshot: Snapshot, item: string): Promise<Ranked> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1', memory_limit: '1GB' });
  const connection = await instance.connect();
  try {
    const paths = snapshot.manifest.files.map((file) => `'${fileUri(snapshot, file).replaceAll("'", "''")}'`);
    const rows = await connection.runAndReadAll(
      `SELECT item, count(*) FROM (
         SELECT DISTINCT id, ${item} AS item FROM read_parquet([${paths.join(', ')}], hive_partitioning = false)
       ) WHERE item <> '' GROUP BY item ORDER BY count(*) DESC, item LIMIT 200000`,
    );
    return rows.getRows().map(([text, posts]) => ({ text: String(text), posts: Number(posts) }));
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** Some of a ranking: its head, and from there to its tail in ever larger steps. */
function spread(items: Ranked, count: number): string[] {
  const step = Math.max(1.2, items.length ** (1 / count));
  const places = Array.from({ length: count }, (_, index) => Math.round(step ** index - 1 + index));
  return [...new Set(places)].flatMap((place) => items[place]?.text ?? []);
}

const BEYOND_ASCII = /[^ -~]/;

/** Topics that a lake can answer, of every kind, in canonical form. */
export async function drawTopics(snapshot: Snapshot, least: number): Promise<readonly string[]> {
  const tokens = await ranked(snapshot, `unnest(string_split(trim(terms), ' '))`);
  const tags = await ranked(snapshot, `unnest(string_split(trim(tags), ' '))`);
  const pairs = await ranked(
    snapshot,
    `unnest(list_transform(range(1, len(string_split(trim(terms), ' '))),
       lambda i: concat_ws(' ', string_split(trim(terms), ' ')[i], string_split(trim(terms), ' ')[i + 1])))`,
  );
  const words = tokens.filter(({ text }) => !text.startsWith('@'));
  const names = spread(
    tokens.filter(({ text }) => text.startsWith('@')),
    6,
  );
  const some = spread(words, 14);
  const foreign = spread(
    words.filter(({ text }) => BEYOND_ASCII.test(text)),
    6,
  );
  const hashtags = spread(tags, 8).map((tag) => `#${tag}`);
  const phrases = spread(pairs, 8).map((pair) => `"${pair}"`);
  const [a = 'a', b = 'b', c = 'c', d = 'd'] = some;
  const [x = '#x', y = '#y'] = hashtags;
  const [name = '@name'] = names;
  const combined = [
    `${a} ${b}`,
    `${a} OR ${b} OR ${c}`,
    `${a} NOT ${b}`,
    `${c} OR ${a} ${b}`,
    `(${c} OR ${d}) AND NOT (${a} OR ${x})`,
    `${x} OR ${name}`,
    `${x} NOT ${a}`,
    `${d} OR ${x} OR ${y}`,
    `(${b} OR ${x}) (${a} OR ${y})`,
    'zqxjkvbnmwpzqxj',
  ];
  const drawn = [...some, ...foreign, ...hashtags, ...names, ...phrases, ...combined];
  const more = words.slice(100, 100 + Math.max(0, least - drawn.length)).map(({ text }) => text);
  const topics = [...drawn, ...more].flatMap((text) => {
    const parsed = parseTopic(text);
    return parsed.ok ? [parsed.topic.canonical] : [];
  });
  return [...new Set(topics)];
}
