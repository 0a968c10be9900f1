const ENTITY = /&(?:amp|lt|gt|quot|#39);/g;
const CHARACTER: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
};

/** Rule 5: X's five character entities, once and in one pass (`&amp;lt;` becomes `&lt;`). */
export function unescapeEntities(text: string): string {
  return text.includes('&') ? text.replace(ENTITY, (entity) => CHARACTER[entity] ?? entity) : text;
}
