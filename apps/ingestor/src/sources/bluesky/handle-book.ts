/** What a source knows of authors' names. */
export interface HandleBook {
  /** A sentence for people where names cannot be looked up; null where all is well. */
  readonly problem: string | null;
  /**
   * The known names of the authors of these events, by DID. It learns from events that tell one.
   * @param mayWait - whether to wait a moment for names that have to be looked up.
   */
  of(events: readonly Buffer[], mayWait: boolean): Promise<ReadonlyMap<string, string>>;
  /** Looks nothing up any more. */
  close(): void;
}

/** Knows nothing, and asks nobody. */
export const NO_HANDLES: HandleBook = { problem: null, of: () => Promise.resolve(new Map()), close: () => undefined };
