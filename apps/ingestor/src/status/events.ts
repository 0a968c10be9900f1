import type { IngestorEvent } from '@analytica/domain/contracts';

export type Tell = (event: IngestorEvent) => void;

export const tellOnStdout: Tell = (event) => {
  process.stdout.write(JSON.stringify(event) + '\n');
};
