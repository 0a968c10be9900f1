import { emptyManifest, type ManifestStore, type StoredManifest } from './manifest-store.js';
import type { Manifest } from './manifest.js';

/** The manifest as the lake's only writer has it. It is replaced as a whole, one change after the other. */
export class ManifestWriter {
  readonly #manifests: ManifestStore;
  #manifest: Manifest;
  /** Null until the manifest is written for the first time. */
  #version: string | null;
  #turn: Promise<unknown> = Promise.resolve();

  /** @param stored - what the store has; null for a lake that is new. */
  constructor(manifests: ManifestStore, stored: StoredManifest | null) {
    this.#manifests = manifests;
    this.#manifest = stored?.manifest ?? emptyManifest();
    this.#version = stored?.version ?? null;
  }

  /** As of the last change that reached the store. */
  get manifest(): Manifest {
    return this.#manifest;
  }

  /** Replaces the manifest. @throws AppError `CONFIG_INVALID` when another writer has replaced it; whatever the disk throws. */
  change(make: (manifest: Manifest) => Manifest): Promise<void> {
    return this.#inTurn(async () => {
      const next = make(this.#manifest);
      this.#version = await this.#manifests.replace(next, this.#version);
      this.#manifest = next;
    });
  }

  /** @throws AppError `CONFIG_INVALID` when another writer has replaced the manifest. */
  requireOnlyWriter(): Promise<void> {
    return this.#inTurn(() => this.#manifests.requireVersion(this.#version));
  }

  /** Waits for changes under way, however they end. */
  async settled(): Promise<void> {
    await this.#turn.catch(() => undefined);
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#turn.catch(() => undefined).then(work);
    this.#turn = turn;
    return turn;
  }
}
