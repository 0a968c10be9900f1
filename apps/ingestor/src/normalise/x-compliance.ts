import { type HideReason, LAST_ID_WITHOUT_TIME, WITHHELD_EVERYWHERE } from '@analytica/domain';
import { NOT_POST, rejected, type DraftHide, type DraftRemoval, type Reading } from './draft.js';
import { isObject, listOf, objectOf, xId, type JsonObject } from './fields.js';
import { eventTime, parseIsoTime } from './times.js';

/** What X calls the events of its compliance streams, v1.1 and v2. */
type EventName = keyof typeof READERS;

interface ComplianceEvent {
  readonly body: JsonObject;
  /** Its own time, epoch ms. */
  readonly at: number;
  readonly arrivedAt: number;
}

const READERS = {
  delete: readDelete,
  drop: postEvent('dropped', true),
  undrop: postEvent('dropped', false),
  withheld: readWithheldPost,
  status_withheld: readWithheldPost,
  user_delete: authorEvent('deleted', true),
  user_undelete: authorEvent('deleted', false),
  user_suspend: authorEvent('suspended', true),
  user_unsuspend: authorEvent('suspended', false),
  user_protect: authorEvent('protected', true),
  user_unprotect: authorEvent('protected', false),
  user_withheld: readWithheldAuthor,
  scrub_geo: readScrubGeo,
  tweet_edit: () => NOT_POST,
  user_profile_modification: () => NOT_POST,
} as const satisfies Record<string, (event: ComplianceEvent) => Reading>;
const NAMES = Object.keys(READERS) as readonly EventName[];

/** Whether a line, or the `data` of one, is an event of X's compliance streams. A post has an id, and can have `withheld`, too. */
export function complianceBody(line: JsonObject): JsonObject | null {
  if (isEvent(line)) return line;
  const data = objectOf(line['data']);
  return data !== null && isEvent(data) ? data : null;
}

function isEvent(value: JsonObject): boolean {
  if (Object.hasOwn(value, 'id') || Object.hasOwn(value, 'id_str')) return false;
  return NAMES.some((name) => isObject(value[name]));
}

/** An event of X's compliance streams: what `complianceBody` gave. */
export function readComplianceEvent(value: JsonObject, arrivedAt: number): Reading {
  for (const name of NAMES) {
    const body = value[name];
    if (!isObject(body)) continue;
    const time = body['event_at'] ?? body['timestamp_ms'] ?? body['timestampMs'] ?? value['timestamp_ms'];
    return READERS[name]({ body, at: eventTime(time, arrivedAt), arrivedAt });
  }
  return NOT_POST;
}

function removals(first: DraftRemoval, ...more: readonly DraftRemoval[]): Reading {
  return { kind: 'removals', platform: 'x', removals: [first, ...more] };
}

/** `{"status": {"id_str": …}}` of v1.1, `{"tweet": {"id": …}}` of v2. */
function readDelete({ body }: ComplianceEvent): Reading {
  const id = postId(body);
  return id === null ? rejected('delete names no post') : { kind: 'delete', platform: 'x', id };
}

function postEvent(reason: HideReason, hidden: boolean) {
  return ({ body, at }: ComplianceEvent): Reading => {
    const id = postId(body);
    return id === null
      ? rejected('the event names no post')
      : removals({ kind: 'post', id, at, hidden, reason, countries: null });
  };
}

function authorEvent(reason: HideReason, hidden: boolean) {
  return ({ body, at }: ComplianceEvent): Reading => {
    const authorId = userId(body);
    return authorId === null
      ? rejected('the event names no user')
      : removals({ kind: 'author', authorId, at, hidden, reason, countries: null });
  };
}

function readWithheldPost({ body, at }: ComplianceEvent): Reading {
  const id = postId(body) ?? idOf(body, 'id');
  const hide = withheld(body, at);
  if (id === null) return rejected('the event names no post');
  return hide === null
    ? rejected('withheld_in_countries is not a list of countries')
    : removals({ kind: 'post', id, ...hide });
}

function readWithheldAuthor({ body, at }: ComplianceEvent): Reading {
  const authorId = userId(body);
  const hide = withheld(body, at);
  if (authorId === null) return rejected('the event names no user');
  return hide === null
    ? rejected('withheld_in_countries is not a list of countries')
    : removals({ kind: 'author', authorId, ...hide });
}

/** Only what is withheld everywhere is hidden; a newer event without XX and XY shows it again. */
function withheld(body: JsonObject, at: number): DraftHide | null {
  const listed = body['withheld_in_countries'];
  if (!Array.isArray(listed)) return null;
  const countries = listOf(listed).flatMap((code) =>
    typeof code === 'string' && /^[A-Za-z]{2}$/.test(code) ? [code.toUpperCase()] : [],
  );
  if (countries.length !== listed.length) return null;
  return { at, hidden: countries.some((code) => WITHHELD_EVERYWHERE.includes(code)), reason: 'withheld', countries };
}

function readScrubGeo({ body, at }: ComplianceEvent): Reading {
  const authorId = userId(body) ?? idOf(body, 'user_id');
  if (authorId === null) return rejected('the event names no user');
  const upToId = xId(body['up_to_tweet_id']) ?? idOf(body, 'up_to_status_id');
  if (upToId === null) return rejected('scrub_geo does not say up to which post');
  return removals({ kind: 'place-of-author', authorId, upToId, at });
}

function postId(body: JsonObject): string | null {
  const tweet = objectOf(body['tweet']);
  if (tweet !== null) return xId(tweet['id']);
  const status = objectOf(body['status']);
  return status === null ? null : idOf(status, 'id');
}

function userId(body: JsonObject): string | null {
  return idOf(objectOf(body['user']) ?? body, 'id');
}

/** `id_str` where it is there (numbers lose digits), else the text or the number `id`. */
function idOf(object: JsonObject, name: string): string | null {
  const text = object[`${name}_str`];
  if (text !== undefined) return xId(text);
  const value = object[name];
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? String(value) : xId(value);
}

// ---- files of batch compliance: one line a post or a user

/** Ids up to here hold no time (rule 4): posts until November 2010, users until 2016. */
const LAST_SEQUENTIAL_ID = BigInt(LAST_ID_WITHOUT_TIME);
const POSTS_WITH_TIME = Date.UTC(2010, 10, 5);
/** No user had a higher id by then. */
const LAST_USER_BEFORE = 250_000_000n;
/** Reasons of a batch that can be undone; every other one is a delete. */
const UNDOABLE: readonly HideReason[] = ['suspended', 'protected', 'deactivated'];

/** `{"id": …, "action": "delete", "created_at": …, "reason": …}` */
export function isBatchResult(line: JsonObject): boolean {
  return typeof line['id'] === 'string' && typeof line['action'] === 'string' && !Object.hasOwn(line, 'text');
}

/** A line of a batch compliance job. It does not say whether its id is a post's or a user's (rule 27). */
export function readBatchResult(line: JsonObject, arrivedAt: number): Reading {
  const action = line['action'];
  const reason = line['reason'] ?? 'deleted';
  if (action !== 'delete' && action !== 'scrub_geo') return NOT_POST;
  const id = xId(line['id']);
  if (id === null) return rejected('id is not an id');
  const at = eventTime(line['redacted_at'] ?? line['suspended_at'], arrivedAt);
  const { isPost, isUser } = ownerOf(id, line['created_at']);
  const isPlace = action === 'scrub_geo' || reason === 'scrub_geo';
  const [first, ...more] = [
    ...(isPost ? [isPlace ? placeOfPost(id, at) : postRemoval(id, reason, at)] : []),
    ...(isUser ? [isPlace ? placeOfAuthor(id, at) : authorRemoval(id, reason, at)] : []),
  ];
  return first === undefined ? NOT_POST : removals(first, ...more);
}

function ownerOf(id: string, createdAt: unknown): { readonly isPost: boolean; readonly isUser: boolean } {
  const number = BigInt(id);
  if (number > LAST_SEQUENTIAL_ID) return { isPost: true, isUser: true };
  const created = typeof createdAt === 'string' ? parseIsoTime(createdAt) : null;
  const isUser = created === null || created >= POSTS_WITH_TIME || number <= LAST_USER_BEFORE;
  return { isPost: !isUser, isUser };
}

function placeOfPost(id: string, at: number): DraftRemoval {
  return { kind: 'place-of-post', id, at };
}

function placeOfAuthor(authorId: string, at: number): DraftRemoval {
  return { kind: 'place-of-author', authorId, upToId: null, at };
}

function postRemoval(id: string, reason: unknown, at: number): DraftRemoval {
  const undoable = UNDOABLE.find((each) => each === reason);
  if (undoable === undefined) return { kind: 'post-delete', id };
  return { kind: 'post', id, at, hidden: true, reason: undoable, countries: null };
}

function authorRemoval(authorId: string, reason: unknown, at: number): DraftRemoval {
  const known = UNDOABLE.find((each) => each === reason) ?? 'deleted';
  return { kind: 'author', authorId, at, hidden: true, reason: known, countries: null };
}
