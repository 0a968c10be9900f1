/**
 * The width of the answer's column in a window, in px, as the style sheets lay it out. It chooses the first bucket size,
 * before anything is drawn.
 */
export function answerWidth(windowWidth: number): number {
  const gutter = windowWidth < 600 ? 16 : windowWidth < 1_024 ? 24 : 32;
  const sheet = Math.min(1_600, windowWidth) - 2 * gutter;
  return windowWidth >= 1_280 ? sheet - 40 - 392 : sheet;
}
