/** An object as it was read. */
export interface StoredObject {
  readonly bytes: Uint8Array;
  /** Stands for the content: it goes back with `putIfMatch`. Opaque. */
  readonly version: string;
}

/** What a store says of an object without reading it. */
export interface ObjectInfo {
  readonly key: string;
  readonly bytes: number;
  /** Epoch ms by the storage's clock. It changes when the object is written again. */
  readonly modifiedAt: number;
}

export interface PutOptions {
  /**
   * False: the object may be lost in a power cut, never in the end of the process. For objects that mean nothing after a
   * power cut, as pins. Default: true.
   */
  readonly durable?: boolean;
}

/**
 * Where a lake's objects are: files on a local disk, later objects in a bucket. Objects are whole or absent, also after a crash;
 * folders do not exist. A key is a text of segments joined by `/` (see `isKey`).
 *
 * An absent object and a condition that does not hold are data (`null`). All else throws: `DISK_FULL` and `NO_PERMISSION` as
 * AppError, a key that is none as TypeError, anything else as the storage throws it.
 *
 * A key whose object is replaced by `putIfMatch` is written by conditional puts only.
 */
export interface LakeStore {
  /** Absolute path, or URI with a scheme, that all keys lie below. No `/` at its end. */
  readonly uri: string;

  /** The whole object, for small ones; null where there is none. */
  read(key: string): Promise<StoredObject | null>;

  /** The bytes `[start, end)` of an object; fewer where it ends before `end`. Null where there is no object. */
  readRange(key: string, start: number, end: number): Promise<Uint8Array | null>;

  /** Size and time of an object; null where there is none. */
  head(key: string): Promise<ObjectInfo | null>;

  /** Writes an object, or replaces it. It is safe on return, unless `durable` is false. */
  put(key: string, bytes: Uint8Array, options?: PutOptions): Promise<void>;

  /** Writes an object where there is none. Of several that try at once one succeeds. @returns its version, or null. */
  putIfAbsent(key: string, bytes: Uint8Array): Promise<string | null>;

  /**
   * Replaces an object whose version is the given one. Of several that try at once with one version one succeeds.
   * @returns the new version; null where there is no object, or one of another version.
   */
  putIfMatch(key: string, bytes: Uint8Array, version: string): Promise<string | null>;

  /** A path on this machine where a large object can be written before it is published under `key`. */
  stagingPath(key: string): Promise<string>;

  /**
   * Makes a file of this machine the object of a key, and takes the file away. The object is safe on return.
   * @param path - of `stagingPath`, or any other.
   */
  publish(path: string, key: string): Promise<ObjectInfo>;

  /** Objects whose keys begin with `prefix`, by key in the order of its UTF-8 bytes. What changes meanwhile may be in it or not. */
  list(prefix: string): AsyncIterable<ObjectInfo>;

  /** Deletes an object. Nothing happens where there is none. */
  delete(key: string): Promise<void>;

  /**
   * Removes what writes that never ended left behind under keys that `isOurs` accepts. Only for the store's single writer, while
   * it writes nothing.
   * @returns how many there were.
   */
  removeUnfinished(isOurs: (key: string) => boolean): Promise<number>;

  /** Where an engine finds an object: `uri`, `/` and the key. */
  uriOf(key: string): string;
}
