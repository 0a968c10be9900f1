import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** A program and what it is run with: `session.run(program, params)` of `@analytica/livy`. The program is always a fixed text. */
export interface SparkProgram {
  readonly program: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** Words by language, as the lake's column `words` spells them. */
export type StopWordLists = Readonly<Record<string, readonly string[]>>;

/** A topic as `contains(column, needle)` joined by and, or, not. Other fields of a node are ignored. */
export type TopicTree =
  | { readonly type: 'term'; readonly column: 'terms' | 'tags'; readonly needle: string }
  | { readonly type: 'and' | 'or'; readonly children: readonly TopicTree[] }
  | { readonly type: 'not'; readonly child: TopicTree };

/** A data file: path below the root, least and greatest `created_at` (epoch ms), bytes. */
export type LakeFile = readonly [path: string, least: number, greatest: number, bytes: number];

const count = z.number().int().nonnegative();
const instant = z.number().int();
const path = z.string().regex(/^[\w-]+(\/[\w.-]+)+$/, 'a path below the root');

const topic: z.ZodType<TopicTree> = z.lazy(() =>
  z.discriminatedUnion('type', [
    z.object({ type: z.literal('term'), column: z.enum(['terms', 'tags']), needle: z.string().min(1) }),
    z.object({ type: z.enum(['and', 'or']), children: z.array(topic).min(1) }),
    z.object({ type: z.literal('not'), child: topic }),
  ]),
);

const question = z.object({
  /** Names what is kept in the session between the statements of one run. */
  run: z.string().regex(/^[0-9a-f]{8,64}$/, 'hex'),
  /** Hadoop URI of the lake: `file:///…`, `s3a://…`. */
  root: z.string().regex(/^[a-z][a-z0-9+.-]*:\/\//, 'a URI'),
  /** All files of the snapshot in the order of storing. */
  files: z.array(z.tuple([path, instant, instant, count])),
  /** Path, bytes, and how many of the rows are events of posts or authors. */
  tombstones: z.array(z.tuple([path, count, count])),
  /** Places in `files` of those to read now. */
  read: z.array(count).min(1),
  topic,
  /** `[from, to)`, epoch ms. */
  interval: z.object({ from: instant, to: instant }),
  retweetWords: z.boolean(),
  /** Matched sets of at most so many rows are counted in the driver. Default 50,000. */
  held: count.optional(),
});

/** Whether the matched set is kept for a following statement of the same run, whose `read` is added to it. */
const more = z.boolean();

const wanted = z.object({
  /** Whether stop words count. */
  stopWords: z.boolean(),
  /** Length of the cells in ms. */
  cell: z.number().int().positive(),
  /** How many newest and most retweeted posts, and how many entries in a list. */
  newest: count,
  retweeted: count,
  top: count,
});

const analysis = question.extend({ more, ...wanted.shape });

const analyses = question.omit({ topic: true }).extend({
  more,
  /** `interval` holds theirs, and the files of `read` are those of each of them. */
  questions: z
    .array(wanted.extend({ topic, interval: question.shape.interval }))
    .min(1)
    .max(62),
});

const posts = question.extend({ order: z.enum(['newest', 'most-retweeted']), offset: count, limit: count });

/** What `analysis` is asked. */
export type AnalysisParams = z.infer<typeof analysis>;
/** What `analyses` is asked. */
export type AnalysesParams = z.infer<typeof analyses>;
/** What `posts` is asked. */
export type PostsParams = z.infer<typeof posts>;

/** In the order in which they are loaded. */
const MODULES = [
  'topic',
  'frames',
  'facts_form',
  'identity',
  'records',
  'lake',
  'scan',
  'matched',
  'counting',
  'lists',
  'volume',
  'retweets',
  'aggregates',
  'state',
  'programs',
] as const;
const FOLDER = new URL('../templates/', import.meta.url);

/**
 * The PySpark programs, as they are sent to a session. A session is sent the package once (`install`); the others answer
 * `isMissing` where it is not there, or is another version.
 */
export interface SparkTemplates {
  /** Tells versions of the package and of the stop words apart. */
  readonly digest: string;
  readonly install: SparkProgram;
  /** All figures over the files read so far. @throws ZodError for parameters that are none */
  analysis(params: AnalysisParams): SparkProgram;
  /** The same for several questions about the same files, which are read once. @throws ZodError */
  analyses(params: AnalysesParams): SparkProgram;
  /** A page of the matched posts. @throws ZodError */
  posts(params: PostsParams): SparkProgram;
  /** The next piece of a reply that said `more`. */
  more(run: string): SparkProgram;
  /** Frees what the session keeps of a run. */
  drop(run: string): SparkProgram;
}

/** Reads the templates from their files. */
export function createTemplates(options: { readonly stopWords: StopWordLists }): SparkTemplates {
  const read = (name: string): string => readFileSync(new URL(name, FOLDER), 'utf8');
  const modules = [
    ['analytica_spark', read('analytica_spark/__init__.py')],
    ...MODULES.map((name) => [`analytica_spark.${name}`, read(`analytica_spark/${name}.py`)]),
  ];
  const { stopWords } = options;
  const digest = createHash('sha256')
    .update(JSON.stringify([modules, stopWords]))
    .digest('hex')
    .slice(0, 32);
  const call = read('call.py');
  const program = (params: Readonly<Record<string, unknown>>): SparkProgram => ({
    program: call,
    params: { digest, ...params },
  });
  return {
    digest,
    install: { program: read('install.py'), params: { digest, modules, stopWords } },
    analysis: (params) => program({ program: 'analysis', ...analysis.parse(params) }),
    analyses: (params) => program({ program: 'analyses', ...analyses.parse(params) }),
    posts: (params) => program({ program: 'posts', ...posts.parse(params) }),
    more: (run) => program({ program: 'more', run }),
    drop: (run) => program({ program: 'drop', run }),
  };
}
