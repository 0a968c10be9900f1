import { setTimeout as wait } from 'node:timers/promises';

const POLL_MS = 2_000;
const ROWS = 1_000;

interface Statement {
  readonly id: number;
  readonly state: string;
  readonly output: { readonly status: string; readonly data?: { readonly 'text/plain'?: string } } | null;
}

/** What the prototype found out about a topic, each figure by a statement of its own. */
export interface PrototypeFigures {
  readonly posts: number;
  readonly retweets: readonly unknown[];
  readonly hashtags: readonly unknown[];
  readonly words: readonly unknown[];
  readonly mentions: readonly unknown[];
}

/**
 * The client that this product replaced, as it behaved: one global session that is found or created, a statement a
 * statistic, the user's text as part of the code, texts that came back sent again as code, and a look at all statements
 * every two seconds. Its search is given the lake's folded column, so that both count the same posts.
 */
export class Prototype {
  readonly #url: string;
  readonly #name: string;
  readonly #files: string;
  #session: number | undefined;
  #finding: Promise<number> | undefined;

  constructor(url: string, name: string, files: string) {
    this.#url = url;
    this.#name = name;
    this.#files = files;
  }

  async analyse(topic: string): Promise<PrototypeFigures> {
    const matched = `spark.read.parquet("${this.#files}").filter("contains(terms, ' ${topic} ')")`;
    const head = 'import json\nfrom pyspark.sql import functions as f\n';
    const search = await this.#run(
      `${head}found = ${matched}
newest = found.orderBy(f.desc("created_at"), f.desc("id")).limit(${String(ROWS)}).select("id", "text").collect()
print(json.dumps({"posts": found.count(), "texts": [row.text for row in newest]}))`,
    );
    const { posts, texts } = search as { posts: number; texts: readonly string[] };
    const top = async (column: string): Promise<readonly unknown[]> =>
      (await this.#run(
        `${head}rows = ${matched}.select(f.explode("${column}").alias("name")).groupBy("name").count()
print(json.dumps([list(row) for row in rows.orderBy(f.desc("count"), "name").limit(10).collect()]))`,
      )) as readonly unknown[];
    const retweets = await this.#run(
      `${head}rows = ${matched}.filter("retweet_of is not null").groupBy("retweet_of").count()
print(json.dumps([list(row) for row in rows.orderBy(f.desc("count"), "retweet_of").limit(10).collect()]))`,
    );
    const hashtags = await top('hashtags');
    const words = await this.#run(
      `import json
texts = ${JSON.stringify(texts)}
counts = sc.parallelize(texts).flatMap(lambda text: text.split()).map(lambda word: (word, 1)).reduceByKey(lambda a, b: a + b)
print(json.dumps(counts.takeOrdered(10, key=lambda pair: (-pair[1], pair[0]))))`,
    );
    const mentions = await top('mentions');
    return { posts, retweets: retweets as readonly unknown[], hashtags, words: words as readonly unknown[], mentions };
  }

  /** Runs code and gives what its last line says, as JSON. */
  async #run(code: string): Promise<unknown> {
    const text = await this.statement(code);
    return JSON.parse(text.trimEnd().split('\n').at(-1) ?? 'null') as unknown;
  }

  /** Sends code and looks every two seconds whether it is done. */
  async statement(code: string): Promise<string> {
    const session = await this.#findOrCreate();
    const { id } = (await this.#call('POST', `/sessions/${String(session)}/statements`, { code })) as Statement;
    for (;;) {
      await wait(POLL_MS);
      const page = (await this.#call('GET', `/sessions/${String(session)}/statements`)) as {
        statements: readonly Statement[];
      };
      const mine = page.statements.find((statement) => statement.id === id);
      if (mine?.state !== 'available' || mine.output === null) continue;
      if (mine.output.status !== 'ok')
        throw new Error(`The prototype's statement failed: ${JSON.stringify(mine.output)}`);
      return mine.output.data?.['text/plain'] ?? '';
    }
  }

  #findOrCreate(): Promise<number> {
    this.#finding ??= this.#find();
    return this.#finding;
  }

  async #find(): Promise<number> {
    const { sessions } = (await this.#call('GET', '/sessions')) as {
      sessions: readonly { id: number; name: string | null; state: string }[];
    };
    const found = sessions.find((session) => session.name === this.#name);
    const created = (found ??
      (await this.#call('POST', '/sessions', {
        kind: 'pyspark',
        name: this.#name,
        heartbeatTimeoutInSecond: 600,
      }))) as {
      id: number;
    };
    this.#session = created.id;
    for (;;) {
      const { state } = (await this.#call('GET', `/sessions/${String(created.id)}`)) as { state: string };
      if (state === 'idle') break;
      if (state !== 'starting') throw new Error(`The prototype's session is ${state}.`);
      await wait(POLL_MS);
    }
    return created.id;
  }

  /** Makes the session warm: a statement that ran. */
  async warm(): Promise<void> {
    await this.statement(
      'from py4j.java_gateway import java_import\nfor p in ("org.apache.spark.ml.python.*", "org.apache.spark.resource.*", "org.apache.spark.sql.api.python.*"):\n    java_import(sc._gateway.jvm, p)\nspark.range(10).count()',
    );
  }

  async close(): Promise<void> {
    if (this.#session !== undefined) await this.#call('DELETE', `/sessions/${String(this.#session)}`);
  }

  async #call(method: string, path: string, body?: unknown): Promise<unknown> {
    const reply = await fetch(this.#url + path, {
      method,
      headers: { 'content-type': 'application/json', 'x-requested-by': 'prototype' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!reply.ok) throw new Error(`${method} ${path}: ${String(reply.status)} ${(await reply.text()).slice(0, 300)}`);
    return await reply.json();
  }
}
