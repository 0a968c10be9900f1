/**
 * Reading fields of JSON that anyone may have written: a value of another type than expected is as good as absent.
 * Strings come out well-formed, because a lone surrogate (from a `\ud800` escape) cannot be written as UTF-8.
 */

export type JsonObject = Readonly<Record<string, unknown>>;

/** The longest platform id that is believed. */
const MAX_ID_LENGTH = 2048;
const X_ID = /^[0-9]{1,20}$/;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function objectOf(value: unknown): JsonObject | null {
  return isObject(value) ? value : null;
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

export function stringOf(value: unknown): string | null {
  return typeof value === 'string' ? value.toWellFormed() : null;
}

/** A string with something in it. */
export function nonEmpty(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value.toWellFormed() : null;
}

export function xId(value: unknown): string | null {
  return typeof value === 'string' && X_ID.test(value) ? value : null;
}

/** An id of another platform: visible characters only, so that it can stand in keys and links. */
export function opaqueId(value: unknown): string | null {
  return typeof value === 'string' && value.length <= MAX_ID_LENGTH && /^[!-~]+$/.test(value) ? value : null;
}

/** A count that a platform reports: a whole number from 0 on. */
export function countOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

/** An offset into a text. */
export function offsetOf(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : -1;
}

export interface Position {
  readonly lat: number;
  readonly lon: number;
}

/** A GeoJSON point: longitude first. */
export function positionOf(point: unknown): Position | null {
  const [lon, lat] = listOf(objectOf(point)?.['coordinates']);
  if (typeof lat !== 'number' || typeof lon !== 'number') return null;
  return Math.abs(lat) <= 90 && Math.abs(lon) <= 180 ? { lat, lon } : null;
}

/** ISO 3166-1 alpha-2, upper case. */
export function countryOf(value: unknown): string | null {
  return typeof value === 'string' && /^[A-Za-z]{2}$/.test(value) ? value.toUpperCase() : null;
}

/** The primary subtag of a language tag, `und` where there is none (docs/counting.md, rule 5). */
export function languageOf(value: unknown): string {
  if (typeof value !== 'string') return 'und';
  const hyphen = value.indexOf('-');
  const primary = (hyphen < 0 ? value : value.slice(0, hyphen)).toLowerCase();
  return /^[a-z]{2,8}$/.test(primary) ? primary : 'und';
}
