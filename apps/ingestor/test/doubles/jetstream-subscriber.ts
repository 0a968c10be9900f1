import type { Duplex } from 'node:stream';
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
  /** What lies under the WebSocket: frames are written to it many at a time, which costs a fraction. */
  readonly #wire: Duplex;
  readonly #archive: JetstreamArchive;
  readonly #filter: Filter;
  #seq: number;
  #isStalled = false;
  #isBusy = false;

  constructor(
    socket: WebSocket,
    wire: Duplex,
    protocol: 'v1' | 'v2',
    archive: JetstreamArchive,
    filter: Filter,
    seq: number,
  ) {
    this.socket = socket;
    this.#wire = wire;
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
    const parts: Buffer[] = [];
    let wait: number | null = 0;
    for (let count = 0; count < TURN; count += 1) {
      if (this.#isStalled || this.socket.readyState !== this.socket.OPEN) {
        wait = null;
        break;
      }
      if (this.#wire.writableLength > MAX_BUFFERED_BYTES) {
        wait = RETRY_MS;
        break;
      }
      const event = this.#archive.at(this.#seq);
      if (event === undefined || event.seq < this.#seq) {
        wait = null;
        break;
      }
      this.#seq = event.seq + 1;
      const frame = this.#filter.wants(event) ? (this.protocol === 'v1' ? encodeV1(event) : encodeV2(event)) : null;
      if (frame === null || frame.length > this.#filter.maxBytes) continue;
      this.sent += 1;
      if (this.fragmentBytes === null) parts.push(headerOf(frame.length), frame);
      else this.#sendInFragments(frame, this.fragmentBytes);
      if (this.bytesPerSecond !== null) {
        wait = (1000 * frame.length) / this.bytesPerSecond;
        break;
      }
    }
    if (parts.length > 0) this.#wire.write(Buffer.concat(parts));
    return wait;
  }

  #sendInFragments(frame: Buffer, size: number): void {
    for (let start = 0; start < frame.length; start += size) {
      const fin = start + size >= frame.length;
      this.socket.send(frame.subarray(start, start + size), { binary: false, compress: false, fin });
    }
  }
}

/** The header of a whole text message from a server (RFC 6455, 5.2). */
function headerOf(length: number): Buffer {
  if (length < 126) return Buffer.from([0x81, length]);
  if (length < 65_536) return Buffer.from([0x81, 126, length >> 8, length & 0xff]);
  const header = Buffer.alloc(10);
  header[0] = 0x81;
  header[1] = 127;
  header.writeBigUInt64BE(BigInt(length), 2);
  return header;
}
