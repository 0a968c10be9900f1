/** A footer takes 0.1 MB by DuckDB's own count, 0.4 MB of the process with what is lost between allocations. */
const MOST_FOOTERS = 4_000;

/** Which files' footers an instance keeps: DuckDB tells neither how many nor lets them go. */
export class FooterCache {
  readonly #most: number;
  readonly #paths = new Set<string>();
  #full = false;

  constructor(most = MOST_FOOTERS) {
    this.#most = most;
  }

  /** Whether files had to be read without the cache. */
  get full(): boolean {
    return this.#full;
  }

  /** Whether there is room for the footers of these files, or they are kept already. They count as kept from then on. */
  admits(paths: readonly string[]): boolean {
    const added = paths.filter((path) => !this.#paths.has(path));
    if (this.#paths.size + added.length > this.#most) {
      this.#full = true;
      return false;
    }
    for (const path of added) this.#paths.add(path);
    return true;
  }

  clear(): void {
    this.#paths.clear();
    this.#full = false;
  }
}
