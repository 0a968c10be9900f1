import type { IngestorConfig } from '../config.js';
import type { Source } from './source.js';
import { createDemoSource } from './demo/demo-source.js';
import { createReplaySource } from './files/files-source.js';

/** The source that the configuration asks for; null for none. @throws AppError `SOURCE_UNREADABLE`. */
export function createSource(config: IngestorConfig['source']): Source | null {
  switch (config.kind) {
    case 'demo':
      return createDemoSource({ seed: config.seed, rate: config.rate });
    case 'replay':
      return createReplaySource({ files: config.files, rebase: config.rebase, importName: config.importName });
    case 'none':
      return null;
  }
}
