/** Lines of a replay and what must come of them, by counting.md, rules 1 to 3. */
export interface ExpectedLines {
  readonly lines: readonly string[];
  readonly stored: readonly string[];
  readonly deleted: readonly string[];
  readonly duplicates: number;
  readonly notPosts: number;
  readonly deadLetters: number;
}

/** A small, quick generator of numbers in [0, 1): the same seed gives the same run. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

export function tweet(id: string, text = `post number ${id} #tag @bob 東京 😀`): string {
  const user = { id_str: `9${id}`, screen_name: `user${id}`, followers_count: 1 };
  return JSON.stringify({ id_str: id, created_at: 'Wed Jul 03 12:00:00 +0000 2019', text, lang: 'en', user });
}

export function deletion(id: string): string {
  return JSON.stringify({ delete: { status: { id_str: id, user_id_str: '1' }, timestamp_ms: '1562155200000' } });
}

/** Posts, with duplicates, deletes, what is not a post and what is broken strewn in. */
export function mixedLines(count: number, seed: number): ExpectedLines {
  const next = random(seed);
  const lines: string[] = [];
  const stored: string[] = [];
  const deleted: string[] = [];
  let duplicates = 0;
  let notPosts = 0;
  let deadLetters = 0;
  for (let n = 0; n < count; n += 1) {
    const dice = next();
    const earlier = stored[Math.floor(next() * stored.length)];
    if (dice < 0.1 && earlier !== undefined) {
      lines.push(tweet(earlier, 'again'));
      duplicates += 1;
    } else if (dice < 0.18) {
      const id = dice < 0.14 && earlier !== undefined ? earlier : String(900_000 + n);
      lines.push(deletion(id));
      deleted.push(id);
    } else if (dice < 0.2) {
      lines.push('{"limit":{"track":1}}');
      notPosts += 1;
    } else if (dice < 0.22) {
      lines.push(dice < 0.21 ? '{"id_str":"5"' : `{"id_str":"${String(n)}","text":"no author"}`);
      deadLetters += 1;
    } else {
      const id = String(100_000 + n);
      lines.push(tweet(id));
      stored.push(id);
    }
  }
  return { lines, stored, deleted, duplicates, notPosts, deadLetters };
}
