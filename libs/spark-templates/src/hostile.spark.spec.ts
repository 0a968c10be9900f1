import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTemplates, isMissing, pieceOf, readAnalysis, type AnalysisAnswer, type TopicTree } from './index.js';

// The engine's layer knows @analytica/livy; here the protocol is spoken by hand, so that the text is seen as a server sees it.
const URL = process.env['LIVY_URL'] ?? '';
const templates = createTemplates({ stopWords: {} });
const NEEDLES = [
  `'`,
  `"`,
  `\\`,
  `\\'`,
  `'''`,
  `"""`,
  `x' OR '1'='1`,
  `); DROP TABLE posts; --`,
  `'''\n__import__('os').system('touch /tmp/owned')\n'''`,
  `{params} %s $1 \${x}`,
  `line\nbreak\r\ttab\u2028\u2029`,
  `nul\u0000inside`,
  `\u001b[31m\u0007`,
  `😀👩‍👩‍👧 東京 𐐀`,
  `e\u0301 \u202Ertl\u202C \uFEFF`,
  `%_`,
  `.*`,
  'long '.repeat(13_107),
];

interface Statement {
  readonly id: number;
  readonly state: string;
  readonly code: string;
  readonly output: { readonly status: string; readonly data?: Record<string, string>; readonly evalue?: string } | null;
}

async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const reply = await fetch(`${URL}${path}`, {
    method,
    headers: { 'content-type': 'application/json', 'x-requested-by': 'test' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!reply.ok) throw new Error(`${method} ${path}: ${String(reply.status)} ${await reply.text()}`);
  return (await reply.json()) as T;
}

/** `exec` of base64: what a client does that keeps code and data apart. */
function codeOf(program: string, params: unknown): string {
  const order = Buffer.from(JSON.stringify({ program, params })).toString('base64');
  return `_run("${order}")`;
}

const RUNNER = `
import base64, json
def _run(order):
    order = json.loads(base64.b64decode(order))
    scope = {"spark": spark, "sc": sc, "params": order["params"], "result": None}
    exec(order["program"], scope)
    print(json.dumps(scope["result"]))
`;

describe('hostile topics', () => {
  const name = `hostile-${randomBytes(4).toString('hex')}`;
  let folder = '';

  async function statement(code: string): Promise<Statement> {
    let found = await call<Statement>('POST', `/sessions/${name}/statements`, { code });
    while (!['available', 'cancelled', 'error'].includes(found.state)) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      found = await call<Statement>('GET', `/sessions/${name}/statements/${String(found.id)}`);
    }
    if (found.output?.status !== 'ok') throw new Error(found.output?.evalue ?? 'no output');
    return found;
  }

  async function run(program: string, params: unknown): Promise<{ readonly code: string; readonly result: unknown }> {
    const { code, output } = await statement(codeOf(program, params));
    return { code, result: JSON.parse(output?.data?.['text/plain'] ?? 'null') as unknown };
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hostile-'));
    await call('POST', '/sessions', { kind: 'pyspark', name, driverMemory: '512m' });
    while ((await call<{ state: string }>('GET', `/sessions/${name}`)).state !== 'idle') {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await statement(RUNNER);
    // One post for each needle, whose terms are the needle.
    await run(
      `
from pyspark.sql import functions as F
rows = [(str(place), "x", needle) for place, needle in enumerate(params["needles"])]
made = spark.createDataFrame(rows, "id string, source string, terms string").coalesce(1)
time = F.timestamp_millis(F.lit(1000000))
made = made.select("*", F.lit(" ").alias("tags"), F.col("terms").alias("text"), time.alias("created_at"),
                   time.alias("ingested_at"), F.array("terms").alias("words"), F.lit("a").alias("author_id"))
made.write.parquet(params["folder"] + "/2026/01/01/00")
`,
      { needles: NEEDLES, folder: pathToFileURL(folder).href },
    );
  });

  afterAll(async () => {
    await call('DELETE', `/sessions/${name}`);
    await rm(folder, { recursive: true, force: true });
  });

  async function ask(topic: TopicTree): Promise<{ readonly code: string; readonly answer: AnalysisAnswer }> {
    const hour = join(folder, '2026/01/01/00');
    const file = (await readdir(hour)).find((entry) => entry.endsWith('.parquet')) ?? '';
    const { size } = await stat(join(hour, file));
    const { program, params } = templates.analysis({
      run: randomBytes(8).toString('hex'),
      root: pathToFileURL(folder).href,
      files: [[`2026/01/01/00/${file}`, 1_000_000, 1_000_000, size]],
      tombstones: [],
      read: [0],
      topic,
      interval: { from: 0, to: 2_000_000 },
      retweetWords: false,
      more: false,
      stopWords: true,
      cell: 60_000,
      newest: 100,
      retweeted: 10,
      top: 20,
    });
    let { code, result } = await run(program, params);
    if (isMissing(result)) {
      await run(templates.install.program, templates.install.params);
      ({ code, result } = await run(program, params));
    }
    return { code, answer: readAnalysis([pieceOf(result).piece]) };
  }

  it('are found as they are, and the server sees the fixed call with base64 alone', async () => {
    for (const needle of NEEDLES) {
      const { code, answer } = await ask({ type: 'term', column: 'terms', needle });
      const label = JSON.stringify(needle.slice(0, 40));
      expect(code, label).toMatch(/^_run\("[A-Za-z0-9+/=]+"\)$/);
      const expected = NEEDLES.filter((other) => other.includes(needle));
      expect(answer.newest.map(({ text }) => text).sort(), label).toEqual(expected.sort());
      expect(answer.counts.posts, label).toBe(expected.length);
    }
  });

  it('do nothing to what is found of others', async () => {
    const children: TopicTree[] = NEEDLES.map((needle) => ({ type: 'term', column: 'terms', needle }));
    expect((await ask({ type: 'or', children })).answer.counts.posts).toBe(NEEDLES.length);
    expect((await ask({ type: 'not', child: { type: 'or', children } })).answer.counts.posts).toBe(0);
    const [quote, ...others] = children;
    if (quote === undefined) throw new Error('no needle');
    const one = await ask({ type: 'and', children: [quote, { type: 'not', child: { type: 'or', children: others } }] });
    expect(one.answer.newest.map(({ text }) => text)).toEqual([`'`]);
  });

  it('take a lone surrogate as U+FFFD', async () => {
    expect((await ask({ type: 'term', column: 'terms', needle: '\uD800' })).answer.counts.posts).toBe(0);
  });

  it('leave nothing behind in the session', async () => {
    const { result } = await run(
      `
import sys
result = {"empty": sys.modules["analytica_spark.state"].is_empty(),
          "cached": len(sc._jsc.getPersistentRDDs()),
          "views": [table.name for table in spark.catalog.listTables()]}
`,
      null,
    );
    expect(result).toEqual({ empty: true, cached: 0, views: [] });
  });
});
