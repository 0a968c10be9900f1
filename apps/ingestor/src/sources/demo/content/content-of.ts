import type { Lang } from '../communities.js';
import { AR } from './ar.js';
import { DE } from './de.js';
import { EN } from './en.js';
import { ES } from './es.js';
import { FR } from './fr.js';
import { IT } from './it.js';
import { JA } from './ja.js';
import { KO } from './ko.js';
import type { LanguageContent } from './language-content.js';
import { PT } from './pt.js';
import { TR } from './tr.js';

const CONTENT: Readonly<Record<Lang, LanguageContent>> = {
  en: EN,
  es: ES,
  pt: PT,
  fr: FR,
  it: IT,
  de: DE,
  tr: TR,
  ar: AR,
  ja: JA,
  ko: KO,
};

export function contentOf(lang: Lang): LanguageContent {
  return CONTENT[lang];
}
