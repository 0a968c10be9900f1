import { AppError } from '@analytica/domain';
import type { LakeKind } from '@analytica/lake';
import type { z } from 'zod';
import { type Environment, parseVariables } from '../environment.js';
import { chooseSources, DEFAULT_SOURCES, FORMER_SOURCES_VARIABLE, SOURCES_VARIABLE } from './choose-sources.js';
import { configureBluesky } from './bluesky/configure.js';
import { blueskyDeclaration } from './bluesky/declaration.js';
import { demoDeclaration } from './demo/declaration.js';
import { createDemoSource } from './demo/demo-source.js';
import { replayDeclaration } from './files/declaration.js';
import { createReplaySource, readFileList } from './files/files-source.js';
import type { SourceDeclaration, SourceSettings } from './source-declaration.js';
import type { Source } from './source.js';
import { xFilteredDeclaration, xSampledDeclaration, xSearchDeclaration } from './x/declaration.js';
import { XSources } from './x/x-sources.js';

/** A source that can be chosen: what it declares, and how it is made from its settings. */
export interface RegisteredSource extends SourceDeclaration {
  /**
   * Reads its settings.
   * @returns what makes the source. It gets the clock that arrival times are taken from (epoch ms), and throws AppError for what a person has to mend first, such as a missing file.
   * @throws AppError `CONFIG_INVALID` with one sentence that names the variable.
   */
  configure(environment: Environment): (now: () => number) => Source;
}

/** A source of the configuration, with its settings read, but not made yet. */
export interface ChosenSource {
  readonly declaration: SourceDeclaration;
  /** @param now - the time of arrival, epoch ms. */
  readonly create: (now: () => number) => Source;
}

/**
 * Brings a declaration and the code of its source together.
 * @param configure - checks what the schema of the settings cannot say, and returns what makes the source.
 */
export function defineSource<Settings extends SourceSettings>(
  declaration: SourceDeclaration<Settings>,
  configure: (settings: z.output<Settings>) => (now: () => number) => Source,
): RegisteredSource {
  return {
    ...declaration,
    configure: (environment) => configure(parseVariables(declaration.settings, environment)),
  };
}

const x = new XSources();

/** The sources of the product. */
export const SOURCES: readonly RegisteredSource[] = [
  defineSource(demoDeclaration, ({ DEMO_RATE, DEMO_SEED }) => {
    return (now) => createDemoSource({ rate: DEMO_RATE, seed: DEMO_SEED, now });
  }),
  defineSource(replayDeclaration, ({ REPLAY_FILES, REPLAY_IMPORT_NAME, REPLAY_REBASE }) => {
    const files = readFileList(REPLAY_FILES);
    return (now) => createReplaySource({ files, rebase: REPLAY_REBASE, importName: REPLAY_IMPORT_NAME ?? null, now });
  }),
  defineSource(blueskyDeclaration, configureBluesky),
  defineSource(xFilteredDeclaration, (settings) => (now) => x.filtered(settings, now)),
  defineSource(xSampledDeclaration, (settings) => (now) => x.sampled(settings, now)),
  defineSource(xSearchDeclaration, (settings) => x.search(settings)),
];

/**
 * The sources that the environment chooses, with their settings.
 * @throws AppError `CONFIG_INVALID`.
 */
export function configureSources(
  available: readonly RegisteredSource[],
  environment: Environment,
): { readonly sources: readonly ChosenSource[]; readonly kind: LakeKind | null } {
  const { list, variable } = listOf(environment);
  const choice = chooseSources(available, list, variable);
  if (!choice.ok) throw new AppError('CONFIG_INVALID', choice.problem);
  const sources = choice.sources.map((source) => ({ declaration: source, create: source.configure(environment) }));
  return { sources, kind: choice.kind };
}

function listOf(environment: Environment): { list: string; variable: string } {
  const variable =
    !environment[SOURCES_VARIABLE] && environment[FORMER_SOURCES_VARIABLE] ? FORMER_SOURCES_VARIABLE : SOURCES_VARIABLE;
  return { list: environment[variable] || DEFAULT_SOURCES, variable };
}
