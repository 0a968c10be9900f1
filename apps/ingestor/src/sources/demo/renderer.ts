import { HOUR_MS } from '@analytica/domain';
import type { Authors } from './authors.js';
import { BoundedCache } from './bounded-cache.js';
import type { Composed, Composer } from './composer.js';
import { LineWriter } from './line-writer.js';
import { placeJson } from './places.js';
import type { PostPlan, PostPlans } from './post-plan.js';
import { at, hash32 } from './prng.js';
import { reachAt, reachOf, type Reach } from './reach.js';
import { v1Date } from './v1-date.js';
import type { Targets } from './targets.js';
import { entitiesJson, retweetText, truncated, type DeliveredText } from './text-builder.js';
import type { Arrival } from './timeline.js';

const CLIENTS = [
  '<a href="https://phone.example" rel="nofollow">Demo for Phones</a>',
  '<a href="https://web.example" rel="nofollow">Demo Web App</a>',
  '<a href="https://tablet.example" rel="nofollow">Demo for Tablets</a>',
].map((client) => JSON.stringify(client));
const NO_REPLY =
  ',"in_reply_to_status_id":null,"in_reply_to_status_id_str":null,"in_reply_to_user_id":null,' +
  '"in_reply_to_user_id_str":null,"in_reply_to_screen_name":null';
const NEW_COUNTS = countsJson(0, 0, 0, 0);

/** The part of a status that never changes, ready to be put into a line. */
interface Fixed {
  readonly id: string;
  readonly composed: Composed;
  readonly bytes: Buffer;
  /** How often others pass it on in the end, at least. */
  readonly reach: Reach;
}

/** A quoted post inside another one. */
interface Quoted {
  readonly fixed: Fixed;
  /** Its own quote, by id only, as on X. */
  readonly nested: string;
}

/** Writes arrivals as v1.1 lines. */
export class Renderer {
  readonly #plans: PostPlans;
  readonly #authors: Authors;
  readonly #targets: Targets;
  readonly #composer: Composer;
  readonly #fixed = new BoundedCache<Fixed>(10_000);
  readonly #writer = new LineWriter();

  constructor(plans: PostPlans, authors: Authors, targets: Targets, composer: Composer) {
    this.#plans = plans;
    this.#authors = authors;
    this.#targets = targets;
    this.#composer = composer;
  }

  line({ plan, kind, at: arrivedAt }: Arrival): Buffer {
    if (kind === 'delete') return Buffer.from(this.#deleteJson(plan, arrivedAt));
    const target = plan.kind === 'retweet' ? this.#targets.forRetweet(plan, this.#plans.textRng(plan)) : null;
    if (target === null) this.#writePost(plan);
    else this.#writeRetweet(plan, target);
    return this.#writer.text(`,"filter_level":"low","timestamp_ms":"${String(plan.createdAt)}"}`).take();
  }

  #deleteJson(plan: PostPlan, arrivedAt: number): string {
    const id = this.#plans.id(plan);
    const author = this.#authors.idOf(plan.author);
    return (
      `{"delete":{"status":{"id":${id},"id_str":"${id}","user_id":${author},"user_id_str":"${author}"},` +
      `"timestamp_ms":"${String(arrivedAt)}"}}`
    );
  }

  #writePost(plan: PostPlan): void {
    // Everything nested is made before the line is begun: both use the one writer.
    const fixed = this.#fixedOf(plan);
    const quoted = this.#quotedOf(fixed.composed);
    this.#writer.bytes(fixed.bytes);
    this.#writeQuoted(quoted, plan.createdAt);
    this.#writer.text(NEW_COUNTS);
  }

  #writeRetweet(plan: PostPlan, target: PostPlan): void {
    const original = this.#fixedOf(target);
    const quoted = this.#quotedOf(original.composed);
    const text = retweetText(original.composed.full, this.#authors.get(target.author));
    const head = this.#headJson(plan, this.#plans.id(plan), text.text, false);
    const counts = this.#countsOf(original, plan.createdAt);
    this.#writer
      .text(`${head}${NO_REPLY},"user":`)
      .bytes(this.#authors.get(plan.author).json)
      .text(',"geo":null,"coordinates":null,"place":null,"contributors":null,"retweeted_status":')
      .bytes(original.bytes);
    this.#writeQuoted(quoted, plan.createdAt);
    this.#writer.text(`${counts},"filter_level":"low"}`);
    this.#writeQuoted(quoted, plan.createdAt);
    this.#writer.text(`,"entities":${entitiesJson(text)},"lang":"${original.composed.lang}"${NEW_COUNTS}`);
  }

  #fixedOf(plan: PostPlan): Fixed {
    return this.#fixed.get(plan.minute * 0x400000 + plan.index, () => this.#makeFixed(plan));
  }

  #makeFixed(plan: PostPlan): Fixed {
    const composed = this.#composer.compose(plan);
    const { full } = composed;
    const id = this.#plans.id(plan);
    const long = full.length > 140;
    const shown = long
      ? truncated(full, {
          short: composed.shortLink,
          expanded: `https://twitter.com/i/web/status/${id}`,
          display: `twitter.com/i/web/status/${id.slice(0, 1)}…`,
        })
      : full;
    const bytes = this.#writer
      .text(this.#headJson(plan, id, shown.text, long))
      .text(`${this.#replyJson(plan, composed.refersTo)},"user":`)
      .bytes(this.#authors.get(plan.author).json)
      .text(`,${placeJson(this.#plans.seed, plan)},"contributors":null${long ? extendedJson(full) : ''}`)
      .text(`,"entities":${entitiesJson(shown)},"lang":"${composed.lang}"`)
      .takeCopy();
    return { id, composed, bytes, reach: reachOf(this.#plans, plan, this.#targets.rivals(plan)) };
  }

  #countsOf({ composed, reach }: Fixed, asOf: number): string {
    const retweets = reachAt(reach, (asOf - composed.plan.createdAt) / HOUR_MS);
    return countsJson(retweets, retweets * reach.likes, 1 + retweets / 12, retweets / 7);
  }

  #headJson(plan: PostPlan, id: string, text: string, long: boolean): string {
    const client = at(CLIENTS, hash32(this.#plans.seed, plan.author, 9) % CLIENTS.length);
    return (
      `{"created_at":"${v1Date(plan.createdAt)}","id":${id},"id_str":"${id}","text":${JSON.stringify(text)},` +
      `"source":${client},"truncated":${String(long)}`
    );
  }

  #replyJson(plan: PostPlan, target: PostPlan | null): string {
    if (target === null || plan.kind !== 'reply') return NO_REPLY;
    const id = this.#plans.id(target);
    const author = this.#authors.get(target.author);
    return (
      `,"in_reply_to_status_id":${id},"in_reply_to_status_id_str":"${id}","in_reply_to_user_id":${author.id},` +
      `"in_reply_to_user_id_str":"${author.id}","in_reply_to_screen_name":"${author.screenName}"`
    );
  }

  #quotedOf(composed: Composed): Quoted | null {
    const target = composed.plan.kind === 'quote' ? composed.refersTo : null;
    if (target === null) return null;
    const fixed = this.#fixedOf(target);
    const further = target.kind === 'quote' ? fixed.composed.refersTo : null;
    if (further === null) return { fixed, nested: ',"is_quote_status":false' };
    const id = this.#plans.id(further);
    return { fixed, nested: `,"quoted_status_id":${id},"quoted_status_id_str":"${id}","is_quote_status":true` };
  }

  #writeQuoted(quoted: Quoted | null, asOf: number): void {
    if (quoted === null) {
      this.#writer.text(',"is_quote_status":false');
      return;
    }
    const { id, bytes } = quoted.fixed;
    this.#writer
      .text(`,"quoted_status_id":${id},"quoted_status_id_str":"${id}","quoted_status":`)
      .bytes(bytes)
      .text(`${quoted.nested}${this.#countsOf(quoted.fixed, asOf)}},"is_quote_status":true`);
  }
}

function extendedJson(full: DeliveredText): string {
  return (
    `,"extended_tweet":{"full_text":${JSON.stringify(full.text)},` +
    `"display_text_range":[0,${String(full.length)}],"entities":${entitiesJson(full)}}`
  );
}

function countsJson(retweets: number, likes: number, quotes: number, replies: number): string {
  const whole = (count: number) => String(Math.floor(count));
  return (
    `,"quote_count":${whole(quotes)},"reply_count":${whole(replies)},"retweet_count":${whole(retweets)},` +
    `"favorite_count":${whole(likes)},"favorited":false,"retweeted":false`
  );
}
