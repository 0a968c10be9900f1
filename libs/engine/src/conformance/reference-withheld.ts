import { type DeleteRow, type DisplayPost, WITHHELD_EVERYWHERE } from '@analytica/domain';
import { type HideEvent, originalCreated } from './reference-hiding.js';

/** Rule 24, read literally: a post as it is shown, with the countries in which it is withheld. */
export function toldPost(post: DisplayPost, rows: readonly DeleteRow[]): DisplayPost {
  const events = rows.filter(
    (row): row is HideEvent => 'hidden' in row && row.source === post.source && row.reason === 'withheld',
  );
  const ofPost = (id: string) => countriesOf(events.filter((event) => 'id' in event && event.id === id));
  const ofAuthor = (author: string, created: number) => {
    const own = events.filter((event) => 'author_id' in event && event.author_id === author);
    return created <= newestTime(own) ? countriesOf(own) : [];
  };
  const countries = [...ofPost(post.id), ...ofAuthor(post.author_id, Date.parse(post.created_at))];
  if (post.retweet_of !== null) countries.push(...ofPost(post.retweet_of));
  const original = post.retweet_of_author_id;
  if (original !== null) countries.push(...ofAuthor(original, originalCreated(post)));
  const withheld_in = [...new Set(countries)].filter((code) => !WITHHELD_EVERYWHERE.includes(code)).sort();
  return withheld_in.length === 0 ? post : { ...post, withheld_in };
}

function newestTime(events: readonly HideEvent[]): number {
  return Math.max(...events.map(({ at }) => Date.parse(at)));
}

/** Of the newest event, and of all where several are of one time. */
function countriesOf(events: readonly HideEvent[]): string[] {
  return events.filter(({ at }) => Date.parse(at) === newestTime(events)).flatMap(({ countries }) => countries ?? []);
}
