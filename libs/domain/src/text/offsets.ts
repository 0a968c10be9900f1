import { isAscii } from './fold.js';

/** From a platform's offset in a text to ours, in UTF-16 units. */
export type OffsetMap = (offset: number) => number;

/*
 * What is no place in the text maps to a number that is none either: a negative offset stays negative, one beyond the
 * end stays beyond it, one inside a character or between whole numbers becomes -1. `analyseText` then sets such an
 * entity aside, and the order of the entities is kept.
 */
function whole(map: OffsetMap): OffsetMap {
  return (offset) => (Number.isSafeInteger(offset) ? (offset < 0 ? offset : map(offset)) : -1);
}

const IDENTITY = whole((offset) => offset);

/** Offsets counted in code points, as X counts (rule 5). */
export function codePointOffsets(text: string): OffsetMap {
  if (!/[\ud800-\udbff]/.test(text)) return IDENTITY;
  const starts: number[] = [];
  let unit = 0;
  for (const character of text) {
    starts.push(unit);
    unit += character.length;
  }
  starts.push(unit);
  return whole((offset) => starts[offset] ?? text.length + (offset - (starts.length - 1)));
}

/** Offsets counted in UTF-8 bytes, as Bluesky counts (rule 5). */
export function utf8Offsets(text: string): OffsetMap {
  if (isAscii(text)) return IDENTITY;
  const units = new Map<number, number>();
  let byte = 0;
  let unit = 0;
  for (const character of text) {
    units.set(byte, unit);
    byte += utf8Length(character.codePointAt(0) ?? 0);
    unit += character.length;
  }
  units.set(byte, unit);
  return whole((offset) => (offset > byte ? text.length + (offset - byte) : (units.get(offset) ?? -1)));
}

function utf8Length(codePoint: number): number {
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x10000 ? 3 : 4;
}
