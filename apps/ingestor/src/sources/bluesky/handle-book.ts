/** What a source knows of authors' names. */
export interface HandleBook {
  /** A sentence for people where names cannot be looked up; null where all is well. */
  readonly problem: string | null;
  /** The known names of the authors of these events, by DID. It learns from events that tell one. */
  of(events: readonly Buffer[]): ReadonlyMap<string, string>;
}

export const NO_HANDLES: HandleBook = { problem: null, of: () => new Map() };
