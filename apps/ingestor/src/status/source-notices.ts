import type { Gap } from '@analytica/domain/contracts';
import type { SourceRun } from '../pipeline/source-run.js';
import type { CaptureProgress } from './capture-progress.js';
import type { Report } from './events.js';
import type { Notice, StatusBoard } from './status-board.js';

export interface SourceNoticesParts {
  readonly runs: readonly { readonly source: Pick<SourceRun['source'], 'warning'> }[];
  readonly progress: Pick<CaptureProgress, 'disconnected'>;
  readonly board: Pick<StatusBoard, 'notice'>;
  /** Gaps of all sources as they are known by now. */
  readonly gaps: () => readonly Gap[];
  readonly report: Report;
}

/** Puts on the board which source captures nothing and what sources warn of, and reports what of it is news. */
export function noteSources({ runs, progress, board, gaps, report }: SourceNoticesParts): void {
  const note = (part: string, notice: Notice | null): void => {
    if (board.notice(part, notice) && notice !== null) report({ event: 'problem', message: notice.sentence });
  };
  const warning = runs.map(({ source }) => source.warning?.() ?? null).find((each) => each !== null) ?? null;
  note('usage', warning === null ? null : { ...warning, isWarning: true });
  const lost = progress.disconnected;
  // A source that stands still for what it warned of says so once.
  if (lost === null || lost.sentence === warning?.sentence) note('connections', null);
  else {
    // The sentence tells when the next attempt is due, or which server was tried last.
    const open = gaps().find(({ source, status }) => source === lost.source && status === 'OPEN');
    note('connections', {
      sentence: lost.sentence,
      cause: [lost.source, lost.state, open?.cause].join(' '),
    });
  }
}
