import type { GapCause, SourceState } from '../../data/generated/graphql';

/** How a state looks: the class of its dot. */
type Dot = '' | 'warn' | 'bad' | 'off';

/** States of a source as they stand on the page. */
export const STATE_WORDS: Readonly<Record<SourceState, { readonly text: string; readonly dot: Dot }>> = {
  STARTING: { text: 'Starting', dot: 'warn' },
  FILLING: { text: 'Filling', dot: 'warn' },
  REPLAYING: { text: 'Reading', dot: 'warn' },
  LIVE: { text: 'Connected', dot: '' },
  WAITING: { text: 'Not connected', dot: 'bad' },
  ENDED: { text: 'Ended', dot: 'off' },
  FAILED: { text: 'Does not work', dot: 'bad' },
};

/** Why nothing was captured for a while. */
export const CAUSE_WORDS: Readonly<Record<GapCause, string>> = {
  STOPPED: 'Stopped',
  CRASHED: 'Crashed',
  SLEPT: 'Machine slept',
  DISCONNECTED: 'Disconnected',
  STALLED: 'Stalled',
  PLATFORM_DISCONNECTED: 'Ended by the platform',
  RATE_LIMITED: 'Asked to wait',
  REFUSED: 'Refused',
  USAGE_LIMIT: 'Limit reached',
  CURSOR_EXPIRED: 'Too long ago',
};

export { fullSourceName, sourceWords } from '../../core/source-names';
