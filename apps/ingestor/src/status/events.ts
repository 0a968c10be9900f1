import type { IngestorEvent } from '@analytica/domain/contracts';

export type Report = (event: IngestorEvent) => void;

export const reportOnStdout: Report = (event) => {
  process.stdout.write(JSON.stringify(event) + '\n');
};
