import type { AnalysisResult, AnalysisSpec, DisplayPost, EngineName, RetweetedPost } from '@analytica/domain';
import { hasWithheld, readWithheld, type Snapshot, type WithheldEvents } from '@analytica/lake';
import { originalTime } from './aggregate/original-time.js';
import type { AnalysisEngine, AnalysisSink, PostPage, PostPageRequest } from './analysis-engine.js';

/**
 * An engine whose posts say in which countries they are withheld (counting.md, rule 24). What the engine itself answers stays as it
 * is, and where a snapshot says nothing of this, nothing is read. Closing it closes the engine.
 */
export function tellWithheld(engine: AnalysisEngine): AnalysisEngine {
  return new WithheldEngine(engine);
}

class WithheldEngine implements AnalysisEngine {
  readonly #engine: AnalysisEngine;

  constructor(engine: AnalysisEngine) {
    this.#engine = engine;
  }

  get name(): EngineName {
    return this.#engine.name;
  }

  async run(spec: AnalysisSpec, snapshot: Snapshot, sink: AnalysisSink, signal: AbortSignal): Promise<AnalysisResult> {
    if (!hasWithheld(snapshot)) return this.#engine.run(spec, snapshot, sink, signal);
    const events = eventsOnce(snapshot);
    const told = async (result: AnalysisResult): Promise<AnalysisResult> => ({
      ...result,
      ...toldRows(result, await events()),
    });
    const telling: AnalysisSink = {
      progress: (progress) => sink.progress(progress),
      partial: async (result) => sink.partial(await told(result)),
    };
    return told(await this.#engine.run(spec, snapshot, telling, signal));
  }

  async posts(spec: AnalysisSpec, snapshot: Snapshot, page: PostPageRequest, signal: AbortSignal): Promise<PostPage> {
    const found = await this.#engine.posts(spec, snapshot, page, signal);
    if (!hasWithheld(snapshot)) return found;
    const events = await readWithheld(snapshot);
    return {
      posts: found.posts.map((post) => toldPost(post, events)),
      retweeted: toldRetweeted(found.retweeted, events),
      total: found.total,
    };
  }

  close(): Promise<void> {
    return this.#engine.close();
  }
}

/** Reads at the first call, for all partial results and the last one. */
function eventsOnce(snapshot: Snapshot): () => Promise<WithheldEvents> {
  let reading: Promise<WithheldEvents> | undefined;
  return () => (reading ??= readWithheld(snapshot));
}

function toldRows(
  { newest, mostRetweeted }: AnalysisResult,
  events: WithheldEvents,
): Pick<AnalysisResult, 'newest' | 'mostRetweeted'> {
  return {
    newest: newest.map((post) => toldPost(post, events)),
    mostRetweeted: toldRetweeted(mostRetweeted, events),
  };
}

function toldRetweeted(rows: readonly RetweetedPost[], events: WithheldEvents): RetweetedPost[] {
  return rows.map((row) => ({ ...row, post: toldPost(row.post, events) }));
}

function toldPost(post: DisplayPost, events: WithheldEvents): DisplayPost {
  const countries = new Set([...ownCountries(post, events), ...originalsCountries(post, events)]);
  return countries.size === 0 ? post : { ...post, withheld_in: [...countries].sort() };
}

function ownCountries({ source, id, author_id, created_at }: DisplayPost, events: WithheldEvents): string[] {
  return [...events.ofPost(source, id), ...events.ofAuthor(source, author_id, Date.parse(created_at))];
}

/** Those of what a retweet repeats: by the times by which retweets of a hidden author are hidden. */
function originalsCountries(post: DisplayPost, events: WithheldEvents): readonly string[] {
  const { source, retweet_of, retweet_of_author_id, retweet_of_created_at, created_at } = post;
  if (retweet_of === null) return [];
  const created = originalTime({
    source,
    retweetOf: retweet_of,
    stated: retweet_of_created_at === null ? Number.NaN : Date.parse(retweet_of_created_at),
    created: Date.parse(created_at),
  });
  const ofAuthor = retweet_of_author_id === null ? [] : events.ofAuthor(source, retweet_of_author_id, created);
  return [...events.ofPost(source, retweet_of), ...ofAuthor];
}
