import { z } from 'zod';

const time = z.number().nonnegative();

/** Why nothing was captured for a while. */
export const GAP_CAUSES = [
  /** A person, or the system, ended the capture process. */
  'STOPPED',
  /** The capture process ended without saying so: it was killed, or the machine went down. */
  'CRASHED',
  /** The machine slept. */
  'SLEPT',
  /** The connection broke, or could not be made. */
  'DISCONNECTED',
  /** The connection stood, but nothing came, keep-alives neither. */
  'STALLED',
  /** The platform ended the connection with a message that said so. */
  'PLATFORM_DISCONNECTED',
  /** The platform asked to wait (HTTP 429). */
  'RATE_LIMITED',
  /** The platform refused the credentials or the request (HTTP 401, 403 and the like). */
  'REFUSED',
  /** The limit of posts or of money that a person set was reached. */
  'USAGE_LIMIT',
  /** The platform no longer has the place at which the source would have gone on. */
  'CURSOR_EXPIRED',
] as const;
export type GapCause = (typeof GAP_CAUSES)[number];

/** OPEN: it goes on. CLOSED: it is over. REFILLED: what was missed was asked for afterwards, and came whole. */
export const GAP_STATUSES = ['OPEN', 'CLOSED', 'REFILLED'] as const;
export type GapStatus = (typeof GAP_STATUSES)[number];

/** A time in which a source that was switched on captured nothing, or not all. */
export const gapSchema = z.object({
  /** The source's name, as `INGEST_SOURCES` has it. */
  source: z.string(),
  /** `[from, to)`, epoch ms; `to` is null while it is OPEN. */
  from: time,
  to: time.nullable(),
  cause: z.enum(GAP_CAUSES),
  status: z.enum(GAP_STATUSES),
  /** Posts that came in afterwards by asking for what was missed. */
  refilled: z.int().nonnegative(),
});
export type Gap = Readonly<z.infer<typeof gapSchema>>;
