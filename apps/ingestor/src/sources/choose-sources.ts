import type { LakeKind } from '@analytica/lake';
import type { SourceDeclaration } from './source-declaration.js';

/** The variable that lists the sources, and the name that it had in the version before. */
export const SOURCES_VARIABLE = 'INGEST_SOURCES';
export const FORMER_SOURCES_VARIABLE = 'INGEST_SOURCE';
export const DEFAULT_SOURCES = 'demo';
/** Stands for no source at all. */
export const NO_SOURCE = 'none';

type Named = Pick<SourceDeclaration, 'name' | 'kind'>;

export type SourceChoice<S extends Named> =
  | {
      readonly ok: true;
      readonly sources: readonly S[];
      /** What the sources fill the lake with; null without sources. */
      readonly kind: LakeKind | null;
    }
  | { readonly ok: false; readonly problem: string };

/**
 * Finds the sources that a list names.
 * This file imports nothing at run time: the start script reads it before anything is built.
 * @param list - names with commas between them, or `none`.
 * @param variable - where the list comes from, for the problem's sentence.
 */
export function chooseSources<S extends Named>(
  available: readonly S[],
  list: string,
  variable: string,
): SourceChoice<S> {
  const problem = (reason: string) => ({ ok: false, problem: `${variable} is "${list}": ${reason}.` }) as const;
  const names = [...new Set(list.split(',').map((name) => name.trim()))].filter((name) => name !== '');
  if (names.length === 0) return problem(`name a source, or ${NO_SOURCE}`);
  if (names.includes(NO_SOURCE)) {
    return names.length === 1 ? { ok: true, sources: [], kind: null } : problem(`${NO_SOURCE} stands alone`);
  }
  const sources: S[] = [];
  for (const name of names) {
    const source = available.find((each) => each.name === name);
    if (source === undefined) {
      const known = available.map((each) => each.name).join(', ');
      return problem(`${names.length > 1 ? `${name} is no source; ` : ''}it can be ${known} or ${NO_SOURCE}`);
    }
    sources.push(source);
  }
  const [first] = sources;
  const other = sources.find(({ kind }) => kind !== first?.kind);
  if (first !== undefined && other !== undefined) {
    const demo = first.kind === 'demo' ? first : other;
    return problem(`demo data and real posts never share a lake; leave ${demo.name} out, or start it by itself`);
  }
  return { ok: true, sources, kind: first?.kind ?? null };
}
