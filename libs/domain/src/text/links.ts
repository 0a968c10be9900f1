const LINK = /(?:https?:\/\/|(?<![A-Za-z0-9_])www\.)[!-~]+/gi;
const NONE: readonly string[] = [];

/** Rule 8: the links that stand in a text, in order, repeats kept. */
export function findLinks(text: string): readonly string[] {
  return text.match(LINK) ?? NONE;
}

/** Rule 8: the text with each link replaced by one space, since a link separates tokens. */
export function removeLinks(text: string): string {
  return text.replace(LINK, ' ');
}
