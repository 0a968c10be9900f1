import { requireTopic } from '@analytica/domain/topic';
import { describe, expect, it } from 'vitest';
import { disjointConditions } from './condition.js';

function of(query: string): [string, readonly string[]][] {
  return disjointConditions(requireTopic(query).root).map(({ sql, parameters }) => [sql, parameters]);
}

describe('disjointConditions', () => {
  it('holds placeholders alone, whatever was typed', () => {
    expect(of(`"'; DROP TABLE posts" AND NOT x`)).toEqual([
      ['(contains(terms, ?) AND NOT contains(terms, ?))', [' drop table posts ', ' x ']],
    ]);
  });

  it('splits an OR of two columns into scans that share no row', () => {
    expect(of('cat OR #cat OR dog')).toEqual([
      ['(contains(terms, ?) OR contains(terms, ?))', [' cat ', ' dog ']],
      ['(NOT (contains(terms, ?) OR contains(terms, ?)) AND contains(tags, ?))', [' cat ', ' dog ', ' cat ']],
    ]);
  });

  it('keeps the other conjuncts in both', () => {
    expect(of('(cat OR #cat) @bob').map(([sql]) => sql)).toEqual([
      '(contains(terms, ?) AND contains(terms, ?))',
      '(contains(terms, ?) AND NOT contains(terms, ?) AND contains(tags, ?))',
    ]);
  });

  it('leaves a branch that asks both columns as it is', () => {
    expect(of('cat OR (dog #pets)').map(([sql]) => sql)).toEqual([
      '(contains(terms, ?) OR (contains(terms, ?) AND contains(tags, ?)))',
    ]);
  });
});
