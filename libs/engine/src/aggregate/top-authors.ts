import { TOP_LIST_LENGTH, type PostSource, type RankedEntry, type RankedList } from '@analytica/domain';
import { NOTHING } from './dictionary.js';
import type { LivePosts } from './live-posts.js';
import { commonest, count } from './ranked.js';
import { counted, firstInOrder } from './top.js';

/** The top authors, and how many there are (rule 15). */
export function topAuthors(live: LivePosts): RankedList {
  const { author, username, authors, usernames, sources, rows } = live.posts;
  const posts = new Int32Array(authors.size);
  for (let row = 0; row < rows; row++) {
    if (live.has(row)) posts[author.at(row)] = (posts[author.at(row)] ?? 0) + 1;
  }
  const source = (key: number): number => authors.prefix(key);
  const { distinct, first } = counted(posts, TOP_LIST_LENGTH);
  const top = firstInOrder(
    first,
    TOP_LIST_LENGTH,
    (a, b) => (posts[b] ?? 0) - (posts[a] ?? 0) || authors.compare(a, b) || sources.compare(source(a), source(b)),
  );
  const names = new Map(top.map((key) => [key, new Map<number, number>()]));
  for (let row = 0; row < rows; row++) {
    if (!live.has(row) || username.at(row) === NOTHING) continue;
    count(names.get(author.at(row)), username.at(row));
  }
  const entries = top.map((key): RankedEntry => {
    const name = commonest(names.get(key), usernames);
    const own = posts[key] ?? 0;
    return {
      key: authors.text(key),
      label: name === undefined ? authors.text(key) : usernames.text(name),
      posts: own,
      uses: own,
      authors: 1,
      source: sources.text(source(key)) as PostSource,
    };
  });
  return { entries, distinct, postsWith: live.count };
}
