const LINK = /(?:https?:\/\/|(?<![A-Za-z0-9_])www\.)[!-~]+/gi;
// Most pieces have no link: this finds so much faster.
const MAY_HAVE_LINK = /:\/\/|www\./i;
const NONE: readonly string[] = [];

/** Rule 8: the links that stand in a text, in order, repeats kept. */
export function findLinks(text: string): readonly string[] {
  return MAY_HAVE_LINK.test(text) ? (text.match(LINK) ?? NONE) : NONE;
}

/** Rule 8: the text with each link replaced by one space, since a link separates tokens. */
export function removeLinks(text: string): string {
  return text.replace(LINK, ' ');
}
