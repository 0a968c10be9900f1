import { buildSchema, getIntrospectionQuery, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { documentLimits } from './limits.js';

const schema = buildSchema(`
  type Node { id: ID! child: Node posts(first: Int): [Node!]! }
  type Query { node: Node posts(first: Int): [Node!]! }
`);

function limits(query: string): unknown[] {
  return validate(schema, parse(query), [documentLimits]).map((error) => error.extensions['limit']);
}

const nested = (levels: number): string => (levels === 1 ? '{ id }' : `{ child ${nested(levels - 1)} }`);

describe('documentLimits', () => {
  it('lets ten levels pass and no more', () => {
    expect(limits(`{ node ${nested(9)} }`)).toEqual([]);
    expect(limits(`{ node ${nested(10)} }`)).toEqual(['QUERY_TOO_DEEP']);
  });

  it('follows fragments', () => {
    expect(limits(`query { ...a } fragment a on Query { node ${nested(10)} }`)).toEqual(['QUERY_TOO_DEEP']);
    expect(limits(`query { ... on Query { node ${nested(10)} } }`)).toEqual(['QUERY_TOO_DEEP']);
  });

  it('survives fragments that are a cycle or multiply', () => {
    expect(
      limits('{ node { ...a } } fragment a on Node { child { ...b } } fragment b on Node { child { ...a } }'),
    ).toEqual([]);
    const bomb = Array.from(
      { length: 30 },
      (_, i) => `fragment f${String(i)} on Node { ${i === 29 ? 'id' : `...f${String(i + 1)} ...f${String(i + 1)}`} }`,
    );
    expect(limits(`{ node { ...f0 } } ${bomb.join(' ')}`)).toEqual(['QUERY_TOO_COSTLY']);
  });

  it('counts a page as many times as it has rows, and a variable as the most', () => {
    expect(limits('{ posts(first: 100) { id child { id } } }')).toEqual([]);
    expect(limits('query ($n: Int) { posts(first: $n) { posts(first: $n) { id } } }')).toEqual(['QUERY_TOO_COSTLY']);
    expect(limits('{ posts(first: 2) { posts(first: 2) { id } } }')).toEqual([]);
  });

  it('leaves introspection to its own switch', () => {
    expect(limits(getIntrospectionQuery())).toEqual([]);
  });
});
