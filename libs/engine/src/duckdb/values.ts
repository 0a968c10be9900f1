import type { JS } from '@duckdb/node-api';

/** A DuckDB value as text; null becomes the empty text. */
export function asText(value: JS | undefined): string {
  return typeof value === 'string' ? value : '';
}

export function textOrNull(value: JS | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

/** A DuckDB integer of any width as a number; null becomes 0. */
export function asNumber(value: JS | undefined): number {
  return Number(value ?? 0);
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

/** Bytewise by UTF-8, which the order of UTF-16 code units is not beyond the BMP. */
export function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** Of rows (key, label, count) the commonest label of each key, ties bytewise least. */
export function commonestLabels(rows: readonly (readonly JS[])[]): Map<string, string> {
  const best = new Map<string, { label: string; count: number }>();
  for (const row of rows) {
    const key = asText(row[0]);
    const label = asText(row[1]);
    const count = asNumber(row[2]);
    const known = best.get(key);
    if (known === undefined || count > known.count || (count === known.count && byBytes(label, known.label) < 0)) {
      best.set(key, { label, count });
    }
  }
  return new Map([...best].map(([key, { label }]) => [key, label]));
}
