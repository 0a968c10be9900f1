import type { JS } from '@duckdb/node-api';

/** A DuckDB value as text; null becomes the empty text. */
export function asText(value: JS | undefined): string {
  return typeof value === 'string' ? value : '';
}

export function textOrNull(value: JS | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

export function numberOrNull(value: JS | undefined): number | null {
  return value === null || value === undefined ? null : Number(value);
}

/** Epoch milliseconds as ISO 8601. */
export function timeOrNull(value: JS | undefined): string | null {
  const ms = numberOrNull(value);
  return ms === null ? null : new Date(ms).toISOString();
}

export function asTexts(value: JS | undefined): string[] {
  return Array.isArray(value) ? value.map(asText) : [];
}
