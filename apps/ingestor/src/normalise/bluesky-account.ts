import type { HideReason } from '@analytica/domain';
import { didOf } from './did.js';
import { NOT_POST, rejected, type Reading } from './draft.js';
import { objectOf, type JsonObject } from './fields.js';
import { credible } from './times.js';

/** `com.atproto.sync.subscribeRepos#account`; `desynchronized` and `throttled` say how a server keeps up, and hide nothing. */
const REASONS: Readonly<Record<string, HideReason>> = {
  deleted: 'deleted',
  takendown: 'takendown',
  suspended: 'suspended',
  deactivated: 'deactivated',
};

/** A Jetstream event of an account: its posts are hidden, or no longer. */
export function readAccountEvent(event: JsonObject, arrivedAt: number): Reading {
  const authorId = didOf(event['did']);
  if (authorId === null) return rejected('no author: did is not a DID');
  const microseconds = event['time_us'];
  if (typeof microseconds !== 'number' || !Number.isSafeInteger(microseconds)) return rejected('time_us is not a time');
  const at = credible(Math.floor(microseconds / 1000), arrivedAt);
  if (typeof at !== 'number') return at;
  return accountReading(authorId, at, objectOf(event['account']));
}

/** @param at - the event's own time, epoch ms. */
export function accountReading(authorId: string, at: number, account: JsonObject | null): Reading {
  const active = account?.['active'];
  if (typeof active !== 'boolean') return rejected('account.active is not true or false');
  const status = account?.['status'];
  let reason: HideReason | undefined = 'deactivated';
  if (!active && typeof status === 'string') reason = Object.hasOwn(REASONS, status) ? REASONS[status] : undefined;
  if (reason === undefined) return NOT_POST;
  return {
    kind: 'removals',
    platform: 'bluesky',
    removals: [{ kind: 'author', authorId, at, hidden: !active, reason, countries: null }],
  };
}
