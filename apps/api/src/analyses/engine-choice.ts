import { ENGINE_CHOICES, type EngineChoice, type EngineName, type Interval } from '@analytica/domain';
import { type Manifest, overlaps } from '@analytica/lake';
import type { EngineConfig } from '../config/engine-config.js';
import type { UserErrorModel } from './analysis-model.js';

/** The engines that a question may name in this deployment. */
export function choicesOf({ livy }: EngineConfig): readonly EngineChoice[] {
  return livy === null ? ['embedded'] : ENGINE_CHOICES;
}

/**
 * The engine of a question. It is chosen before the question is enqueued, since it is part of the analysis key.
 * @param asked null: the deployment's default.
 */
export function resolveEngine(
  asked: EngineChoice | null,
  config: EngineConfig,
  manifest: Manifest,
  interval: Interval,
): { readonly engine: EngineName } | { readonly error: UserErrorModel } {
  const choice = asked ?? config.default;
  if (config.livy === null) {
    if (choice !== 'cluster') return { engine: 'embedded' };
    return {
      error: {
        code: 'BAD_USER_INPUT',
        message:
          'There is no cluster here. Ask with the engine EMBEDDED or AUTO, or have whoever runs the server set LIVY_URL.',
        field: 'engine',
      },
    };
  }
  if (choice !== 'auto') return { engine: choice };
  return { engine: bytesToRead(manifest, interval) > config.autoLimitBytes ? 'cluster' : 'embedded' };
}

/** Size of the files that can hold posts of the interval: an engine reads these and no others. */
export function bytesToRead({ files }: Manifest, interval: Interval): number {
  return files.filter((file) => overlaps(file, interval)).reduce((sum, { bytes }) => sum + bytes, 0);
}
