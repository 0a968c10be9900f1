import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { isMissing, pieceOf, readAnalyses, readPosts, TemplateReplyError } from './index.js';

describe('replies', () => {
  it('are put together from their pieces', () => {
    const text = deflateSync(
      JSON.stringify({ total: 3, newest: [{ id: '1', source: 'x', created: 5, text: '\u0000😀' }] }),
    ).toString('base64');
    const answer = readPosts([text.slice(0, 11), text.slice(11)]);
    expect(answer).toMatchObject({
      total: 3,
      retweeted: [],
      newest: [{ id: '1', text: '\u0000😀', hashtags: [], lang: 'und' }],
    });
  });

  it('say which file is at fault', () => {
    const refused = (): unknown => pieceOf({ damaged: { file: 'a/b', problem: 'is missing' } });
    expect(refused).toThrow(TemplateReplyError);
    expect(refused).toThrow(expect.objectContaining({ file: 'a/b', problem: 'is missing' }));
  });

  it('are refused when they are none', () => {
    for (const result of [null, 5, 'x', {}, { piece: 5, more: true }]) {
      expect(() => pieceOf(result)).toThrow(TemplateReplyError);
    }
    expect(() => readPosts(['###'])).toThrow(TemplateReplyError);
    expect(() => readPosts([deflateSync('{}').toString('base64')])).toThrow();
  });

  it('of several questions are as many answers, or say that it was too much', () => {
    const packed = (value: unknown): string[] => [deflateSync(JSON.stringify(value)).toString('base64')];
    const list = { entries: [], distinct: 0, uses: 0, postsWith: 0 };
    const answer = {
      matched: 1,
      counts: { posts: 1, retweets: 0, replies: 0, quotes: 0, authors: 1, words: 0 },
      cells: [],
      lists: { hashtags: list, words: list, mentions: list, domains: list, authors: list },
      newest: [],
      retweeted: [],
      total: 0,
    };
    expect(readAnalyses(packed([answer, answer]))).toEqual([answer, answer]);
    expect(readAnalyses(packed(null))).toBeNull();
    expect(() => readAnalyses(packed([{}]))).toThrow();
  });

  it('say that the programs are missing', () => {
    expect([{ missing: 'x' }, {}, null, 'missing'].map(isMissing)).toEqual([true, false, false, false]);
  });
});
