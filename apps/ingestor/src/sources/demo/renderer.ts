import type { Authors } from './authors.js';
import { COMMUNITIES } from './communities.js';
import type { Composed, Composer } from './composer.js';
import { at, hash32, Rng } from './prng.js';
import { BoundedCache } from './bounded-cache.js';
import { heatOf, type PostPlan, type PostPlans } from './post-plan.js';
import { twitterDate } from './snowflake.js';
import type { Targets } from './targets.js';
import { entitiesJson, retweetText, truncated, type DeliveredText } from './text-builder.js';
import type { Arrival } from './timeline.js';

const HOUR = 3_600_000;
const PLACED = 0.035;
const CLIENTS = [
  '<a href="https://phone.example" rel="nofollow">Demo for Phones</a>',
  '<a href="https://web.example" rel="nofollow">Demo Web App</a>',
  '<a href="https://tablet.example" rel="nofollow">Demo for Tablets</a>',
].map((client) => JSON.stringify(client));

/** The part of a status that never changes, ready to be put into a line. */
interface Fixed {
  readonly composed: Composed;
  readonly json: string;
}

/** Writes arrivals as v1.1 lines. */
export class Renderer {
  private readonly plans: PostPlans;
  private readonly authors: Authors;
  private readonly targets: Targets;
  private readonly composer: Composer;
  private readonly fixed = new BoundedCache<Fixed>(2500);

  constructor(plans: PostPlans, authors: Authors, targets: Targets, composer: Composer) {
    this.plans = plans;
    this.authors = authors;
    this.targets = targets;
    this.composer = composer;
  }

  line(arrival: Arrival): Buffer {
    const { plan } = arrival;
    if (arrival.kind === 'delete') return Buffer.from(this.deleteJson(plan, arrival.at));
    return Buffer.from(`${this.postJson(plan)},"filter_level":"low","timestamp_ms":"${String(plan.createdAt)}"}`);
  }

  private deleteJson(plan: PostPlan, at: number): string {
    const id = this.plans.id(plan);
    const author = this.authors.idOf(plan.author);
    return (
      `{"delete":{"status":{"id":${id},"id_str":"${id}","user_id":${author},"user_id_str":"${author}"},` +
      `"timestamp_ms":"${String(at)}"}}`
    );
  }

  private postJson(plan: PostPlan): string {
    if (plan.kind === 'retweet') {
      const target = this.targets.forRetweet(plan, this.plans.textRng(plan));
      if (target !== null) return this.retweetJson(plan, target);
    }
    const { json, composed } = this.fixedOf(plan);
    return json + this.quotedJson(composed, plan.createdAt) + countsJson(0, 0, 0, 0);
  }

  private retweetJson(plan: PostPlan, target: PostPlan): string {
    const original = this.fixedOf(target);
    const text = retweetText(original.composed.full, this.authors.get(target.author));
    const quoted = this.quotedJson(original.composed, plan.createdAt);
    const heat = heatOf(this.plans.seed, target.minute, target.index);
    const age = (plan.createdAt - target.createdAt) / HOUR;
    const reach = Math.pow(heat, 1.3) * (1 - Math.exp(-age / 8)) * 14;
    const counts = countsJson(
      Math.floor(reach),
      Math.floor(reach * 3.4),
      Math.floor(reach / 5),
      Math.floor(reach / 11),
    );
    return (
      this.headJson(plan, text.text, false) +
      this.noReply() +
      this.userJson(plan) +
      `,"geo":null,"coordinates":null,"place":null,"contributors":null,"retweeted_status":${original.json}${quoted}${counts},` +
      `"filter_level":"low"}${quoted},"entities":${entitiesJson(text)},"lang":"${original.composed.lang}"` +
      countsJson(0, 0, 0, 0)
    );
  }

  private fixedOf(plan: PostPlan): Fixed {
    return this.fixed.get(plan.minute * 0x400000 + plan.index, () => {
      const composed = this.composer.compose(plan);
      return { composed, json: this.fixedJson(plan, composed) };
    });
  }

  private fixedJson(plan: PostPlan, composed: Composed): string {
    const { full } = composed;
    const id = this.plans.id(plan);
    const long = full.length > 140;
    const shown = long
      ? truncated(full, {
          short: composed.shortLink,
          expanded: `https://twitter.com/i/web/status/${id}`,
          display: `twitter.com/i/web/status/${id.slice(0, 1)}…`,
        })
      : full;
    return (
      this.headJson(plan, shown.text, long) +
      this.replyJson(plan, composed.refersTo) +
      this.userJson(plan) +
      `,${this.placeJson(plan)},"contributors":null` +
      (long ? extendedJson(full) : '') +
      `,"entities":${entitiesJson(shown)},"lang":"${composed.lang}"`
    );
  }

  private headJson(plan: PostPlan, text: string, long: boolean): string {
    const id = this.plans.id(plan);
    const client = at(CLIENTS, hash32(this.plans.seed, plan.author, 9) % CLIENTS.length);
    return (
      `{"created_at":"${twitterDate(plan.createdAt)}","id":${id},"id_str":"${id}","text":${JSON.stringify(text)},` +
      `"source":${client},"truncated":${String(long)}`
    );
  }

  private userJson(plan: PostPlan): string {
    return `,"user":${this.authors.get(plan.author).json}`;
  }

  private noReply(): string {
    return (
      ',"in_reply_to_status_id":null,"in_reply_to_status_id_str":null,"in_reply_to_user_id":null,' +
      '"in_reply_to_user_id_str":null,"in_reply_to_screen_name":null'
    );
  }

  private replyJson(plan: PostPlan, target: PostPlan | null): string {
    if (target === null || plan.kind !== 'reply') return this.noReply();
    const id = this.plans.id(target);
    const author = this.authors.get(target.author);
    return (
      `,"in_reply_to_status_id":${id},"in_reply_to_status_id_str":"${id}","in_reply_to_user_id":${author.id},` +
      `"in_reply_to_user_id_str":"${author.id}","in_reply_to_screen_name":"${author.screenName}"`
    );
  }

  /** What a quote carries along; the quoted post's own quote stays out, as on X. */
  private quotedJson(composed: Composed, asOf: number): string {
    const target = composed.plan.kind === 'quote' ? composed.refersTo : null;
    if (target === null) return ',"is_quote_status":false';
    const id = this.plans.id(target);
    const quoted = this.fixedOf(target);
    const further = quoted.composed.plan.kind === 'quote' ? quoted.composed.refersTo : null;
    const furtherId = further === null ? null : this.plans.id(further);
    const nested =
      furtherId === null
        ? ',"is_quote_status":false'
        : `,"quoted_status_id":${furtherId},"quoted_status_id_str":"${furtherId}","is_quote_status":true`;
    const reach = heatOf(this.plans.seed, target.minute, target.index) * ((asOf - target.createdAt) / HOUR);
    return (
      `,"quoted_status_id":${id},"quoted_status_id_str":"${id}","quoted_status":${quoted.json}${nested}` +
      `${countsJson(Math.floor(reach), Math.floor(reach * 3), 1 + Math.floor(reach / 9), Math.floor(reach / 8))}},` +
      `"is_quote_status":true`
    );
  }

  private placeJson(plan: PostPlan): string {
    const rng = new Rng(hash32(this.plans.seed ^ 0x91ace, plan.minute, plan.index));
    if (rng.next() >= PLACED) return '"geo":null,"coordinates":null,"place":null';
    const city = rng.pick(at(COMMUNITIES, plan.community).cities);
    const lat = (city.lat + (rng.next() - 0.5) * 0.1).toFixed(5);
    const lon = (city.lon + (rng.next() - 0.5) * 0.1).toFixed(5);
    const point = rng.chance(0.35)
      ? `"geo":{"type":"Point","coordinates":[${lat},${lon}]},"coordinates":{"type":"Point","coordinates":[${lon},${lat}]}`
      : '"geo":null,"coordinates":null';
    const [w, s, e, n] = [city.lon - 0.1, city.lat - 0.1, city.lon + 0.1, city.lat + 0.1].map((x) => x.toFixed(4));
    const box = [
      [w, s],
      [w, n],
      [e, n],
      [e, s],
    ];
    const placeId = hash32(1, Math.round(city.lat * 1000), Math.round(city.lon * 1000))
      .toString(16)
      .padStart(16, '0');
    return (
      `${point},"place":{"id":"${placeId}","place_type":"city","name":${JSON.stringify(city.name)},` +
      `"full_name":${JSON.stringify(`${city.name}, ${city.country}`)},"country_code":"${city.countryCode}",` +
      `"country":${JSON.stringify(city.country)},"bounding_box":{"type":"Polygon","coordinates":[[${box
        .map((corner) => `[${corner.join(',')}]`)
        .join(',')}]]},"attributes":{}}`
    );
  }
}

function extendedJson(full: DeliveredText): string {
  return (
    `,"extended_tweet":{"full_text":${JSON.stringify(full.text)},` +
    `"display_text_range":[0,${String(full.length)}],"entities":${entitiesJson(full)}}`
  );
}

function countsJson(retweets: number, likes: number, quotes: number, replies: number): string {
  return (
    `,"quote_count":${String(quotes)},"reply_count":${String(replies)},"retweet_count":${String(retweets)},` +
    `"favorite_count":${String(likes)},"favorited":false,"retweeted":false`
  );
}
