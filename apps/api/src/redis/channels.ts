import type { RedisClient } from './redis-client.js';

type Listener = (message: string) => void;

/** Pub/sub of a process over its one subscriber connection. All listeners of a channel share one subscription. */
export class Channels {
  readonly #redis: RedisClient;

  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #reconnected = new Set<() => void>();

  constructor(redis: RedisClient) {
    this.#redis = redis;

    redis.on('message', (channel: string, message: string) => {
      for (const listener of this.#listeners.get(channel) ?? []) listener(message);
    });
    redis.on('ready', () => {
      for (const listener of this.#reconnected) listener();
    });
  }

  /** Listens until the returned function is called. */
  listen(channel: string, listener: Listener): () => void {
    let set = this.#listeners.get(channel);
    if (set === undefined) {
      set = new Set();
      this.#listeners.set(channel, set);
      this.#redis.subscribe(channel).catch(() => undefined); // ioredis subscribes again by itself after a reconnect
    }
    set.add(listener);
    return () => {
      set.delete(listener);
      if (set.size > 0 || this.#listeners.get(channel) !== set) return;
      this.#listeners.delete(channel);
      this.#redis.unsubscribe(channel).catch(() => undefined);
    };
  }

  /** Called whenever the connection is back: messages may have been missed. */
  onReconnect(listener: () => void): () => void {
    this.#reconnected.add(listener);
    return () => {
      this.#reconnected.delete(listener);
    };
  }

  get listenerCount(): number {
    let count = 0;
    for (const set of this.#listeners.values()) count += set.size;
    return count;
  }
}
