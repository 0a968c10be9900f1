/** What capture does. */
export const CAPTURE_STATES = [
  /** Nothing is captured yet. */
  'STARTING',
  /** The demo source makes the posts of the last days. */
  'FILLING',
  /** Posts are captured as they happen. */
  'LIVE',
  /** Files are read. */
  'REPLAYING',
  /** No source is configured, or it has ended. */
  'IDLE',
  /** Something is wrong, or the ingestor is ending. */
  'STOPPED',
] as const;
export type CaptureState = (typeof CAPTURE_STATES)[number];
