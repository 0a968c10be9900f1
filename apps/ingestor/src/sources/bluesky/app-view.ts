import { z } from 'zod';
import { retryAfter } from './refusal.js';

/** What `app.bsky.actor.getProfiles` takes at once. */
export const MAX_ACTORS = 25;
const MAX_BYTES = 2 * 1024 * 1024;
const TIMEOUT_MS = 5000;
const HANDLE = /^(?=.{3,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;
/** The platform's word for a handle that does not lead back to its account. */
const INVALID = 'handle.invalid';

const profilesSchema = z.object({ profiles: z.array(z.object({ did: z.string(), handle: z.string() })) });

/** An answer, or why there is none. */
export type Profiles =
  | { readonly ok: true; readonly handles: ReadonlyMap<string, string> }
  | { readonly ok: false; readonly reason: string; readonly retryAfterMs: number | null };

/** The handles of authors, as the AppView has them now. @param appView - base URL. @param dids - 25 at most. */
export async function fetchHandles(appView: string, dids: readonly string[], signal: AbortSignal): Promise<Profiles> {
  const url = new URL('/xrpc/app.bsky.actor.getProfiles', appView);
  for (const did of dids) url.searchParams.append('actors', did);
  try {
    const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]) });
    const body = await bodyOf(response);
    if (!response.ok) {
      const retryAfterMs = retryAfter(response.headers.get('retry-after') ?? undefined, Date.now());
      return { ok: false, reason: `HTTP ${response.status}`, retryAfterMs };
    }
    const parsed = profilesSchema.safeParse(JSON.parse(body));
    if (!parsed.success) return { ok: false, reason: 'its answer has another shape', retryAfterMs: null };
    const pairs = parsed.data.profiles.flatMap(({ did, handle }) => {
      const name = handleOf(handle);
      return name === null ? [] : [[did, name] as const];
    });
    return { ok: true, handles: new Map(pairs) };
  } catch (error) {
    return { ok: false, reason: reasonOf(error), retryAfterMs: null };
  }
}

/** A handle that can be one; null for anything else. */
export function handleOf(value: unknown): string | null {
  return typeof value === 'string' && HANDLE.test(value) && value !== INVALID ? value.toLowerCase() : null;
}

async function bodyOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // Left early, the loop lets go of the rest.
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MAX_BYTES) throw new Error('its answer is too long');
  }
  return Buffer.concat(chunks).toString('utf8');
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'it cannot be reached';
  if (error.name === 'TimeoutError') return 'it does not answer';
  if (error instanceof SyntaxError) return 'its answer is no JSON';
  const { cause } = error;
  const code: unknown = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' ? `it cannot be reached (${code})` : error.message;
}
