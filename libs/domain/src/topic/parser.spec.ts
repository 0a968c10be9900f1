import { describe, expect, it } from 'vitest';
import type { Topic, TopicErrorReason } from './ast.js';
import { parseCanonical, parseTopic, requireTopic } from './parser.js';

function topic(query: string): Topic {
  const parsed = parseTopic(query);
  if (!parsed.ok) throw new Error(`${query}: ${parsed.problem.message}`);
  return parsed.topic;
}

describe('parseTopic (rule 13)', () => {
  it.each([
    ['cat', 'cat'],
    ['Cat CAT càt', 'cat'],
    ['a OR b AND NOT c', 'a OR (b AND NOT c)'],
    ['a b OR c d', '(a AND b) OR (c AND d)'],
    ['a AND (b OR c)', 'a AND (b OR c)'],
    ['NOT a b', 'NOT a AND b'],
    ['NOT (a OR b) c', 'NOT (a OR b) AND c'],
    ['NOT NOT a', 'a'],
    ['(a (b (c)))', 'a AND b AND c'],
    ['a OR (b OR (a OR b))', 'a OR b'],
    ['and or not', 'and AND or AND not'],
    ['"AND" OR "or"', 'and OR or'],
    ['“night  train” OR „Zug“ OR «a b»', '"night train" OR zug OR "a b"'],
    ["don't", '"don t"'],
    ['low-cost', '"low cost"'],
    ['lang:it', '"lang it"'],
    ['東京', '東京'],
    ['"東 京"', '東京'],
    ['東京tower now', '東京tower AND now'],
    ['#Café ＃CAFÉ', '#cafe'],
    ['#"night train"', '#night_train'],
    ['#⑴', '#"(1)"'],
    ['@Alice.bsky.social ＠BOB, @bob', '@alice.bsky.social AND @bob'],
    ["@bob's", '"@bob s"'],
    ['"hello @Bob now"', '"hello @bob now"'],
    ['mail me@home.org', 'mail AND "me home org"'],
    ['cat"dog"(bird)', 'cat AND dog AND bird'],
    ['（猫　OR　犬）', '猫 OR 犬'],
    ['see https://t.co/x"a b"', ''],
  ])('%s is %s', (query, canonical) => {
    if (canonical === '') {
      expect(parseTopic(query)).toMatchObject({ ok: false, problem: { reason: 'NO_TOKEN', position: 4, length: 14 } });
      return;
    }
    expect(topic(query).canonical).toBe(canonical);
    expect(topic(canonical).canonical).toBe(canonical);
  });

  it('says which column a term asks, and for what', () => {
    expect(topic("don't").root).toMatchObject({ kind: 'phrase', column: 'terms', needle: ' don t ', text: "don't" });
    expect(topic('東京').root).toMatchObject({ kind: 'word', column: 'terms', needle: ' 東 京 ' });
    expect(topic('#東京').root).toMatchObject({ kind: 'hashtag', column: 'tags', needle: ' 東京 ' });
    expect(topic('@Bob').root).toMatchObject({ kind: 'mention', column: 'terms', needle: ' @bob ', text: 'Bob' });
    expect(topic(' "Night Train" ').root).toMatchObject({ text: 'Night Train', span: { position: 1, length: 13 } });
  });

  it.each<[string, TopicErrorReason, number, number, string | null]>([
    ['', 'EMPTY', 0, 0, null],
    [' \u3000 ', 'EMPTY', 0, 3, null],
    ['(cat', 'UNCLOSED_BRACKET', 0, 1, '(cat)'],
    ['a (b (c d', 'UNCLOSED_BRACKET', 5, 1, 'a (b (c d))'],
    ['(', 'UNCLOSED_BRACKET', 0, 1, null],
    ['cat) dog', 'UNEXPECTED_BRACKET', 3, 1, 'cat dog'],
    [')', 'UNEXPECTED_BRACKET', 0, 1, null],
    ['cat "dog', 'UNCLOSED_QUOTE', 4, 4, 'cat "dog"'],
    ['cat “dog', 'UNCLOSED_QUOTE', 4, 4, 'cat “dog”'],
    ['cat AND', 'MISSING_OPERAND', 4, 3, 'cat'],
    ['cat AND OR dog', 'MISSING_OPERAND', 8, 2, 'cat AND dog'],
    ['OR cat', 'MISSING_OPERAND', 0, 2, 'cat'],
    ['cat NOT', 'MISSING_OPERAND', 4, 3, 'cat'],
    ['cat (NOT) dog', 'MISSING_OPERAND', 5, 3, 'cat dog'],
    ['cat ()', 'MISSING_OPERAND', 4, 2, 'cat'],
    ['NOT', 'MISSING_OPERAND', 0, 3, null],
    ['cat !!!', 'NO_TOKEN', 4, 3, 'cat'],
    ['😀', 'NO_TOKEN', 0, 2, null],
    ['😀 OR "" OR cat', 'NO_TOKEN', 0, 2, 'cat'],
    ['cat #', 'NO_TOKEN', 4, 1, 'cat'],
    ['@ cat', 'NO_TOKEN', 0, 1, 'cat'],
    ['www.example.org', 'NO_TOKEN', 0, 15, null],
    ['NOT a', 'ONLY_NOT', 0, 5, null],
    ['a OR NOT b', 'ONLY_NOT', 5, 5, null],
    ['a OR (NOT b NOT c)', 'ONLY_NOT', 5, 13, null],
    ['NOT (a AND b)', 'ONLY_NOT', 0, 13, null],
    [`${'('.repeat(60)}a${')'.repeat(60)}`, 'TOO_DEEP', 50, 1, null],
    ['NOT '.repeat(60) + 'a', 'TOO_DEEP', 200, 3, null],
    ['a'.repeat(1_025), 'TOO_LONG', 1_024, 1, null],
  ])('%j is refused: %s', (query, reason, position, length, suggestion) => {
    const parsed = parseTopic(query);
    expect(parsed).toMatchObject({ ok: false, problem: { reason, position, length, suggestion } });
    if (!parsed.ok) expect(parsed.problem.message).toMatch(/^(?![Pp]osition).+\.$/);
  });

  it('takes 1,024 units and survives any hostile text of that length', () => {
    expect(parseTopic('a '.repeat(512)).ok).toBe(true);
    expect(parseTopic('a'.repeat(1_024)).ok).toBe(true);
    for (const part of ['(', ')', '"', 'NOT ', 'AND ', '#"', '@', '()', '(NOT ', '\ud800', '😀', 'a OR ('] as const) {
      const query = part.repeat(Math.floor(1_024 / part.length));
      expect(parseTopic(query).ok).toBe(part === '#"');
    }
    expect(parseTopic('x'.repeat(10_000_000))).toMatchObject({ ok: false, problem: { reason: 'TOO_LONG' } });
  });
});

describe('requireTopic and parseCanonical', () => {
  it('throw what the API can pass on', () => {
    expect(() => requireTopic('(cat')).toThrow(
      expect.objectContaining({ code: 'TOPIC_SYNTAX', message: 'Position 1: this bracket is never closed.' }),
    );
    expect(() => requireTopic('a'.repeat(2_000))).toThrow(expect.objectContaining({ code: 'TOPIC_TOO_LONG' }));
    expect(() => parseCanonical('(')).toThrow(expect.objectContaining({ code: 'TOPIC_SYNTAX' }));
  });

  it('reads a canonical form that is longer than a person may type', () => {
    const { canonical } = topic(Array.from({ length: 200 }, (_, i) => `w${String(i)}`).join(' '));
    expect(canonical.length).toBeGreaterThan(1_024);
    expect(parseCanonical(canonical).canonical).toBe(canonical);
  });
});
