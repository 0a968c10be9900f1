import { describe, expect, it } from 'vitest';
import { searchProblem, searchShortfall } from './search-query.js';

const rule = (value: string) => ({ value, tag: null });

describe('searchProblem', () => {
  it.each([
    'coffee',
    '(AI OR "machine learning") lang:en -is:retweet',
    'from:someone -has:links',
    'place:"new york city" bounding_box:[-105.3 39.9 -105.1 40.0]',
    '"at 10:30" coffee',
    'url:"https://developer.x.com" -is:nullcast',
    '😀 #東京 $TWTR @someone',
    'é'.repeat(512),
  ])('takes %s', (value) => expect(searchProblem(rule(value))).toBeNull());

  it.each([
    ['a'.repeat(513), 'it has 513 characters, and search takes 512'],
    ['coffee bio:barista', 'search has no operator "bio:"'],
    ['coffee sample:10', 'search has no operator "sample:"'],
    ['coffee -followers_count:1..100', 'search has no operator "followers_count:"'],
    ['(embedding:"climate change")', 'search has no operator "embedding:"'],
    ['"social media"~5', 'search has no words that are near each other ("…"~N)'],
  ])('names what search lacks: %s', (value, problem) => expect(searchProblem(rule(value))).toBe(problem));
});

describe('searchShortfall', () => {
  it.each(['coffee', '#coffee lang:en', '"night train" is:retweet', '(coffee OR from:me)', 'coffee -is:retweets'])(
    'knows that search gives no retweets: %s',
    (value) => expect(searchShortfall(rule(value))).toBe('search gives no retweets for words'),
  );

  it.each(['coffee -is:retweet', 'from:someone', 'from:a OR to:b', '(coffee lang:en -is:retweet)'])(
    'takes %s for whole',
    (value) => expect(searchShortfall(rule(value))).toBeNull(),
  );
});
