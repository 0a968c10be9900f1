import type { Lang } from '../communities.js';

export const CATEGORIES = ['food', 'travel', 'sport', 'culture', 'weather', 'science', 'city', 'home'] as const;
export type Category = (typeof CATEGORIES)[number];

/**
 * What a language needs to make posts. Templates hold slots: `{t}` the topic, `{n}` an everyday thing, `{c}` a
 * circumstance, `{r}` something that goes with the topic, `{w}` an invented proper name
 * from the long tail, `{#}` a small number.
 */
export interface LanguageContent {
  readonly lang: Lang;
  /** Between sentences. */
  readonly joiner: string;
  /** A hashtag may stand in the place of the topic's name. */
  readonly inlineTags: boolean;
  readonly openers: readonly string[];
  readonly chatter: readonly string[];
  readonly topical: readonly string[];
  /** On what goes with the topic, as a further sentence. */
  readonly asides: readonly string[];
  readonly byCategory: Readonly<Record<Category, readonly string[]>>;
  readonly replies: readonly string[];
  readonly quotes: readonly string[];
  readonly nouns: readonly string[];
  readonly contexts: readonly string[];
  readonly syllables: readonly string[];
  readonly via: string;
  readonly generalTags: readonly string[];
  readonly emoji: readonly string[];
  readonly names: readonly string[];
  readonly bios: readonly string[];
}

/** A topic in every language of the demo, with its article where the language uses one. */
export interface Topic {
  readonly key: string;
  readonly category: Category;
  readonly weight: number;
  /** The side of the Atlantic whose people talk about it most, where a language is spoken on both; or all alike. */
  readonly home: 'west' | 'east' | 'all';
  /** The hashtag that all languages share while the topic bursts. */
  readonly burst?: string;
  readonly names: Readonly<Record<Lang, string>>;
}
