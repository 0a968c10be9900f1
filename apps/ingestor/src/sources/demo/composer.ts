import type { Authors } from './authors.js';
import { contentOf } from './content/content-of.js';
import { DOMAINS } from './content/domains.js';
import type { LanguageContent } from './content/language-content.js';
import { BORROWED_TAGS, RELATED, type Related } from './content/related.js';
import { TOPICS } from './content/topics.js';
import { at, type Rng } from './prng.js';
import { BoundedCache } from './bounded-cache.js';
import type { PostPlan, PostPlans } from './post-plan.js';
import type { Targets } from './targets.js';
import { TextBuilder, type DeliveredText, type Link } from './text-builder.js';
import { burstTopic, type TopicHeat } from './topic-heat.js';
import { topicTag } from './topic-tags.js';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const TAIL_NAMES = 20_000;
const SLOT = /\{([tncrw#])\}/;

/** A post with its words; a retweet has none of its own. */
export interface Composed {
  readonly plan: PostPlan;
  readonly full: DeliveredText;
  /** Index of the topic, -1 for none. */
  readonly topic: number;
  readonly lang: string;
  /** What it answers or quotes. */
  readonly refersTo: PostPlan | null;
  /** For the link to the whole text. */
  readonly shortLink: string;
}

export class Composer {
  readonly #plans: PostPlans;
  readonly #authors: Authors;
  readonly #targets: Targets;
  readonly #heat: TopicHeat;
  readonly #cache = new BoundedCache<Composed>(2500);

  constructor(plans: PostPlans, authors: Authors, targets: Targets, heat: TopicHeat) {
    this.#plans = plans;
    this.#authors = authors;
    this.#targets = targets;
    this.#heat = heat;
  }

  compose(plan: PostPlan): Composed {
    return this.#cache.get(plan.minute * 0x400000 + plan.index, () => this.#make(plan));
  }

  #make(plan: PostPlan): Composed {
    const rng = this.#plans.textRng(plan);
    const content = contentOf(plan.lang);
    const refers = plan.kind === 'reply' || plan.kind === 'quote';
    const refersTo = refers ? this.#targets.forReply(plan, rng) : null;
    const topic = this.#topicOf(plan, refersTo, rng);
    const text = new TextBuilder();
    let lang: string = plan.lang;
    if (refersTo !== null && plan.kind === 'reply') text.mention(this.#authors.get(refersTo.author)).plain(' ');
    if (topic < 0 && rng.chance(0.03)) {
      text.plain(rng.pick(content.emoji).repeat(1 + rng.int(3)));
      lang = 'und';
    } else {
      this.#write(text, plan, content, topic, refersTo !== null, rng);
    }
    return { plan, full: text.done(), topic, lang, refersTo, shortLink: shortLink(rng) };
  }

  #topicOf(plan: PostPlan, refersTo: PostPlan | null, rng: Rng): number {
    const own = this.#heat.pick(plan.createdAt, plan.community, rng);
    if (refersTo !== null && rng.chance(0.75)) return this.compose(refersTo).topic;
    if (plan.burst !== null && rng.chance(0.95)) return burstTopic(plan.burst);
    return own;
  }

  #write(text: TextBuilder, plan: PostPlan, content: LanguageContent, topic: number, refers: boolean, rng: Rng) {
    const used = new Set<string>();
    const sentences = 1 + (rng.chance(0.5) ? 1 : 0) + (rng.chance(0.2) ? 1 + rng.int(2) : 0);
    for (let n = 0; n < sentences; n += 1) {
      if (n > 0) text.plain(content.joiner);
      else if (rng.chance(0.22)) text.plain(rng.pick(content.openers));
      const kind = refers ? plan.kind : 'original';
      let template = templateFor(content, topic, n, kind, rng);
      while (used.has(template)) template = templateFor(content, topic, n, 'original', rng);
      used.add(template);
      this.#sentence(text, plan, content, parts(template), topic, rng);
    }
    if (rng.chance(0.3)) text.space().plain(rng.pick(content.emoji));
    if (rng.chance(refers ? 0.03 : 0.13)) {
      text
        .space()
        .plain(`${content.via} `)
        .mention(this.#authors.get(this.#whoFor(topic, plan, rng)));
    }
    this.#tags(text, plan, content, topic, rng);
    if (plan.kind === 'original' && rng.chance(0.24)) text.space().link(linkFor(topic, rng));
  }

  #whoFor(topic: number, plan: PostPlan, rng: Rng): number {
    const topical = topic >= 0 && rng.chance(0.8);
    return topical ? this.#authors.voice(topic, plan.lang, rng) : this.#authors.wellKnown(plan.lang, rng);
  }

  #tags(text: TextBuilder, plan: PostPlan, content: LanguageContent, topic: number, rng: Rng): void {
    if (topic < 0) {
      if (rng.chance(0.09)) text.space().hashtag(at(content.generalTags, rng.zipf(content.generalTags.length, 1)));
      return;
    }
    const tags = new Set<string>();
    const shared = TOPICS[topic]?.burst;
    if (shared !== undefined && plan.burst !== null && rng.chance(0.45)) tags.add(shared);
    if (rng.chance(0.36)) tags.add(topicTag(topic, plan.langIndex, rng));
    const further = rng.chance(0.44) ? 1 + rng.int(2) : 0;
    for (let n = 0; n < further; n += 1) tags.add(relatedTag(topic, plan, rng));
    if (rng.chance(0.06)) tags.add(at(content.generalTags, rng.zipf(content.generalTags.length, 2)));
    for (const tag of tags) text.space().hashtag(tag);
  }

  #sentence(
    text: TextBuilder,
    plan: PostPlan,
    content: LanguageContent,
    template: readonly string[],
    topic: number,
    rng: Rng,
  ): void {
    let atStart = true;
    template.forEach((part, index) => {
      if (part === '') return;
      if (index % 2 === 0) text.plain(part);
      else if (part === 't' && content.inlineTags && topic >= 0 && rng.chance(0.1)) {
        text.hashtag(topicTag(topic, plan.langIndex, rng));
      } else {
        const filled = fill(part, content, topic, plan, rng);
        text.plain(atStart ? filled.charAt(0).toLocaleUpperCase(plan.lang) + filled.slice(1) : filled);
      }
      atStart = index % 2 === 0 && /[.!?] $/.test(part);
    });
  }
}

const split = new Map<string, readonly string[]>();

/** A template in parts: text at even places, slots at odd ones. */
function parts(template: string): readonly string[] {
  let known = split.get(template);
  if (known === undefined) {
    known = template.split(SLOT);
    split.set(template, known);
  }
  return known;
}

function templateFor(content: LanguageContent, topic: number, nth: number, kind: string, rng: Rng): string {
  const unit = rng.next();
  if (nth > 0 && (topic < 0 || unit < 0.38)) return rng.pick(content.chatter);
  if (nth > 0 && unit < 0.8) return rng.pick(content.asides);
  if (kind === 'reply' && unit < 0.7) return rng.pick(content.replies);
  if (kind === 'quote' && unit < 0.6) return rng.pick(content.quotes);
  const subject = TOPICS[topic];
  if (subject === undefined) return rng.pick(content.chatter);
  return rng.pick(rng.next() < 0.62 ? content.byCategory[subject.category] : content.topical);
}

function fill(slot: string, content: LanguageContent, topic: number, plan: PostPlan, rng: Rng): string {
  if (slot === 't') return TOPICS[topic]?.names[plan.lang] ?? rng.pick(content.nouns);
  if (slot === 'r') return relatedOf(topic, plan.langIndex, rng)?.words ?? rng.pick(content.nouns);
  if (slot === 'n') return at(content.nouns, rng.zipf(content.nouns.length, 3));
  if (slot === 'c') return at(content.contexts, rng.zipf(content.contexts.length, 3));
  if (slot === 'w') return tailName(content, rng.zipf(TAIL_NAMES, 4));
  return String(2 + rng.zipf(58, 2));
}

/** What goes with a topic, the first of its list five times as often as the last. */
function relatedOf(topic: number, langIndex: number, rng: Rng): Related | undefined {
  const list = RELATED[topic]?.[langIndex] ?? [];
  return list[rng.zipf(list.length, 2.5)];
}

function relatedTag(topic: number, plan: PostPlan, rng: Rng): string {
  const borrowed = plan.lang !== 'en' && rng.chance(0.15);
  if (borrowed) return rng.pick(BORROWED_TAGS[topic] ?? []);
  return relatedOf(topic, plan.langIndex, rng)?.tag ?? topicTag(topic, plan.langIndex, rng);
}

/** An invented proper name: the same rank gives the same name. */
function tailName(content: LanguageContent, rank: number): string {
  const { syllables } = content;
  const n = syllables.length;
  // Ranks that follow each other should not look alike.
  const mixed = (rank * 7919 + 13) % (n * n * n);
  const first = mixed % n;
  // No syllable twice: the others are chosen from the rest.
  const second = (first + 1 + (Math.floor(mixed / n) % (n - 1))) % n;
  let third = (first + 1 + (Math.floor(mixed / (n * n)) % (n - 1))) % n;
  if (third === second) third = (third + 1) % n === first ? (third + 2) % n : (third + 1) % n;
  const name = at(syllables, first) + at(syllables, second) + (rank % 3 === 0 ? at(syllables, third) : '');
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function shortLink(rng: Rng): string {
  let code = '';
  for (let i = 0; i < 10; i += 1) code += BASE62.charAt(rng.int(62));
  return `https://t.co/${code}`;
}

function linkFor(topic: number, rng: Rng): Link {
  const domain = at(DOMAINS, rng.zipf(DOMAINS.length, 2));
  const path = `${topic < 0 ? 'notes' : at(TOPICS, topic).key}/${String(1 + rng.zipf(5000, 20))}`;
  return {
    short: shortLink(rng),
    expanded: `https://${domain}/${path}`,
    display: `${domain.replace(/^www\./, '')}/${path.length > 14 ? `${path.slice(0, 14)}…` : path}`,
  };
}
