/** What decides between rows of one id. Times are milliseconds. */
export interface StoredVersion {
  readonly created: number;
  readonly ingested: number;
  readonly version: string | null;
  /** Where it lies: the place of its file among the snapshot's files, and its place in there. */
  readonly order: number;
  readonly fileRow: number;
}

/** Of all rows of one id the one that counts (rule 3): the first stored of each version, and of those the newest version. */
export function winnerOf<Row extends StoredVersion>(rows: readonly Row[]): Row | undefined {
  const firsts = new Map<string | null, Row>();
  for (const row of rows) {
    const known = firsts.get(row.version);
    if (known === undefined || storedEarlier(row, known)) firsts.set(row.version, row);
  }
  let winner: Row | undefined;
  for (const row of firsts.values()) if (winner === undefined || newerVersion(row, winner)) winner = row;
  return winner;
}

function storedEarlier(a: StoredVersion, b: StoredVersion): boolean {
  return (a.ingested - b.ingested || a.order - b.order || a.fileRow - b.fileRow) < 0;
}

function newerVersion(a: StoredVersion, b: StoredVersion): boolean {
  if (a.created !== b.created) return a.created > b.created;
  if (a.version === null || b.version === null) return a.version !== null && b.version === null;
  return Buffer.compare(Buffer.from(a.version), Buffer.from(b.version)) > 0;
}
