import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generatedPost } from '../../../test/doubles/x-api-posts.ts';
import { OPERATIONAL_DISCONNECT } from '../../../test/doubles/x-api-stream.ts';
import { readStreamLine } from './stream-line.js';

const read = (value: unknown) => readStreamLine(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)));

describe('readStreamLine', () => {
  it.each(Array.from({ length: 40 }, (_, n) => n))('finds the id of generated post %i', (n) => {
    const { id, data, includes } = generatedPost(n, 1_800_000_000_000);
    expect(read({ data, includes })).toEqual({ ids: [id], disconnect: null });
    expect(read({ matching_rules: [{ id: '1' }], includes, data })).toEqual({ ids: [id], disconnect: null });
    expect(readStreamLine(Buffer.from(JSON.stringify({ includes, data }, null, 2)))).toEqual({
      ids: [id],
      disconnect: null,
    });
  });

  it('finds the id whatever else a post holds, in whatever order', () => {
    const keys = fc.constantFrom('text', 'entities', 'data', 'errors', 'ID', 'a"b', '\\', 'id ');
    const post = fc
      .tuple(fc.dictionary(keys, fc.jsonValue()), fc.bigInt({ min: 1n, max: 10n ** 19n }), fc.boolean())
      .map(([rest, id, isFirst]) => (isFirst ? { id: String(id), ...rest } : { ...rest, id: String(id) }));
    const envelope = fc.tuple(fc.dictionary(fc.constantFrom('includes', 'x'), fc.jsonValue()), post);
    fc.assert(
      fc.property(envelope, fc.constantFrom(0, 1), ([around, data], indent) => {
        const line = JSON.stringify({ ...around, data }, null, indent).replaceAll('\n', ' ');
        expect(read(line)).toEqual({ ids: [data.id], disconnect: null });
      }),
      { numRuns: 300 },
    );
  });

  it('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(
        fc.uint8Array(),
        fc.constantFrom('', '{"data":', '{"errors":', '{"data":{"id":"'),
        (bytes, prefix) => {
          const { ids } = readStreamLine(Buffer.concat([Buffer.from(prefix), bytes]));
          for (const id of ids) expect(typeof id).toBe('string');
        },
      ),
      { numRuns: 300 },
    );
  });

  it('tells what ends a connection from errors beside a post', () => {
    expect(read(OPERATIONAL_DISCONNECT).disconnect).toMatch(/upstream for operational reasons/);
    expect(read({ errors: [] }).disconnect).toBe('without a reason');
    const tooMany = { title: 'ConnectionException', detail: 'at the limit', connection_issue: 'TooManyConnections' };
    expect(read(tooMany).disconnect).toBe('at the limit');
    expect(read({ data: { id: '5' }, errors: [{ title: 'Not Found Error' }] })).toEqual({
      ids: ['5'],
      disconnect: null,
    });
    expect(read({ data: { id: '5', text: 'he said "errors": [ and "data"' } }).disconnect).toBeNull();
    expect(read({ errors: [{ detail: 'the key "data" is missing' }] }).disconnect).toBe('the key "data" is missing');
    expect(read({ message: 'a new kind of message' })).toEqual({ ids: [], disconnect: null });
  });

  it('knows the posts of a page, too', () => {
    expect(read({ data: [{ id: '1' }, { id: '2' }, 7, {}] }).ids).toEqual(['1', '2']);
  });
});
