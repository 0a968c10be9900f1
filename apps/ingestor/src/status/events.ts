import type { Accounting } from '@analytica/domain';

/** What the ingestor says on stdout, one JSON object a line, for the start script and for people. */
export type IngestorEvent =
  | { readonly event: 'recovered'; readonly cutBytes: number; readonly cutLines: number; readonly segments: number }
  | {
      readonly event: 'fill-progress' | 'replay-progress';
      readonly progress: number;
      readonly stored: number;
      readonly perSecond: number;
    }
  | { readonly event: 'live'; readonly posts: number }
  | { readonly event: 'accounting'; readonly accounting: Accounting }
  | {
      readonly event: 'replay-done';
      /** Least and greatest `created_at` of the posts in the files, epoch ms; 0 where there are none. */
      readonly from: number;
      readonly to: number;
      readonly accounting: Accounting;
      readonly problems: readonly string[];
    }
  | { readonly event: 'problem' | 'fatal'; readonly message: string };

export type Tell = (event: IngestorEvent) => void;

export const tellOnStdout: Tell = (event) => {
  process.stdout.write(JSON.stringify(event) + '\n');
};
