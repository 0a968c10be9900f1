import type { IncomingMessage } from 'node:http';
import type { GapCause } from '@analytica/domain/contracts';
import { z } from 'zod';

const MAX_BODY_BYTES = 4096;
const BODY_MS = 5000;
const MAX_RETRY_AFTER_MS = 60 * 60_000;

const errorSchema = z.object({ error: z.string().regex(/^[A-Za-z]{1,64}$/) });

/** What a server answered instead of what it was asked for. */
export interface Refusal {
  readonly status: number;
  /** The name that XRPC gives the error; null where there is none. */
  readonly error: string | null;
  /** How long the server asks to wait; null where it does not. */
  readonly retryAfterMs: number | null;
  readonly cause: GapCause;
  /** The rest of a sentence that begins with the host. */
  readonly reason: string;
}

export async function readRefusal(response: IncomingMessage): Promise<Refusal> {
  const status = response.statusCode ?? 0;
  const error = errorName(await bodyOf(response));
  const retryAfterMs = retryAfter(response.headers['retry-after'], Date.now());
  const detail = error === null ? `HTTP ${status}` : `HTTP ${status}, ${error}`;
  if (status === 429) return { status, error, retryAfterMs, cause: 'RATE_LIMITED', reason: `asks to wait (${detail})` };
  const isRefused = status >= 400 && status < 500;
  return {
    ...{ status, error, retryAfterMs },
    cause: isRefused ? 'REFUSED' : 'DISCONNECTED',
    reason: isRefused ? `refuses the connection (${detail})` : `is not ready (${detail})`,
  };
}

/**
 * The header `Retry-After`, as seconds or as a date.
 * @param now - epoch ms.
 * @returns ms, an hour at most; null where the header says nothing.
 */
export function retryAfter(header: string | undefined, now: number): number | null {
  if (header === undefined) return null;
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isNaN(ms) ? null : Math.min(Math.max(ms, 0), MAX_RETRY_AFTER_MS);
}

async function bodyOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const late = setTimeout(() => response.destroy(), BODY_MS);
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > MAX_BODY_BYTES) break;
    }
  } catch {
    // What came before the end is enough.
  } finally {
    clearTimeout(late);
  }
  return Buffer.concat(chunks).toString('utf8', 0, MAX_BODY_BYTES);
}

function errorName(body: string): string | null {
  try {
    return errorSchema.safeParse(JSON.parse(body)).data?.error ?? null;
  } catch {
    return null;
  }
}
