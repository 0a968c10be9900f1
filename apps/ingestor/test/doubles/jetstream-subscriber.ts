import type { WebSocket } from 'ws';
import type { JetstreamArchive } from './jetstream-archive.ts';
import { encodeV1, encodeV2 } from './jetstream-event.ts';
import type { Filter } from './jetstream-subscription.ts';

/** What lies between the server and the network at most. */
const MAX_BUFFERED_BYTES = 1024 * 1024;
const RETRY_MS = 2;
/** Events sent before others get a turn. */
const TURN = 256;

/** One connection of the server: it pulls events at its own pace, so that a slow client gets them later, and not fewer. */
export class Subscriber {
  readonly socket: WebSocket;
  readonly protocol: 'v1' | 'v2';
  fragmentBytes: number | null = null;
  bytesPerSecond: number | null = null;
  sent = 0;
  readonly #archive: JetstreamArchive;
  readonly #filter: Filter;
  #seq: number;
  #isStalled = false;
  #isBusy = false;

  constructor(socket: WebSocket, protocol: 'v1' | 'v2', archive: JetstreamArchive, filter: Filter, seq: number) {
    this.socket = socket;
    this.protocol = protocol;
    this.#archive = archive;
    this.#filter = filter;
    this.#seq = seq;
  }

  stall(pongs: boolean): void {
    this.#isStalled = true;
    if (!pongs) this.socket.pause();
  }

  /** Sends what there is, as far as the network takes it. */
  wake(): void {
    if (this.#isBusy) return;
    this.#isBusy = true;
    const wait = this.#send();
    if (wait === null) this.#isBusy = false;
    else setTimeout(() => this.#again(), wait);
  }

  #again(): void {
    this.#isBusy = false;
    this.wake();
  }

  /** @returns after how many ms to go on; null at the end. */
  #send(): number | null {
    for (let count = 0; ; count += 1) {
      if (this.#isStalled || this.socket.readyState !== this.socket.OPEN) return null;
      if (this.socket.bufferedAmount > MAX_BUFFERED_BYTES) return RETRY_MS;
      if (count === TURN) return 0;
      const event = this.#archive.at(this.#seq);
      if (event === undefined || event.seq < this.#seq) return null;
      this.#seq = event.seq + 1;
      const frame = this.#filter.wants(event) ? (this.protocol === 'v1' ? encodeV1(event) : encodeV2(event)) : null;
      if (frame === null || frame.length > this.#filter.maxBytes) continue;
      this.sent += 1;
      this.#write(frame);
      if (this.bytesPerSecond !== null) return (1000 * frame.length) / this.bytesPerSecond;
    }
  }

  #write(frame: Buffer): void {
    const size = this.fragmentBytes ?? frame.length;
    for (let start = 0; start < frame.length; start += size) {
      const fin = start + size >= frame.length;
      this.socket.send(frame.subarray(start, start + size), { binary: false, compress: false, fin });
    }
  }
}
