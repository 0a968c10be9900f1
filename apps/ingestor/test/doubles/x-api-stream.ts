import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a stream's connection does, step by step. After the last step it serves as it would without a script. */
export type Step =
  /** The next posts of the supply. */
  | { readonly posts: number }
  /** These bytes, as they are. */
  | { readonly send: string | Buffer }
  /** Keep-alives, so many ms apart. */
  | { readonly keepAlives: number; readonly everyMs?: number }
  /** Not a byte. */
  | { readonly silenceMs: number }
  /** Posts at this rate, with keep-alives where it is 0. */
  | { readonly serveMs: number; readonly perSecond: number }
  /** X's message that it ends the connection, and its end. */
  | { readonly disconnect: 'in-band' }
  /** TCP reset. */
  | { readonly disconnect: 'reset' }
  /** The response ends as if all had been said. */
  | { readonly disconnect: 'end' };

/** How the n-th request for a stream is answered. */
export type Scene =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: unknown }
  /** Closed without an answer. */
  | { readonly refuse: 'reset' }
  | { readonly steps: readonly Step[] };

export interface StreamSettings {
  readonly keepAliveMs: number;
  readonly perSecond: number;
  /** Each write is cut into pieces of this many bytes; null writes whole lines. */
  readonly chunkBytes: number | null;
  /** The next line, without its newline; null once there are no more. */
  readonly nextLine: () => Buffer | null;
  /** Lines that are due now, beside those; they are taken out. */
  readonly published: Buffer[];
  readonly signal: AbortSignal;
}

const TICK_MS = 10;
const NEWLINE = Buffer.from('\r\n');
export const OPERATIONAL_DISCONNECT = {
  errors: [
    {
      title: 'operational-disconnect',
      disconnect_type: 'UpstreamOperationalDisconnect',
      detail: 'This stream has been disconnected upstream for operational reasons.',
      type: 'https://api.x.com/2/problems/operational-disconnect',
    },
  ],
};

/** One response of a stream endpoint. */
export class StreamResponse {
  readonly #response: ServerResponse;
  readonly #settings: StreamSettings;

  constructor(response: ServerResponse, settings: StreamSettings) {
    this.#response = response;
    this.#settings = settings;
  }

  /** Carries out the steps, and then serves until the client goes. */
  async run(steps: readonly Step[]): Promise<void> {
    this.#response.flushHeaders();
    for (const step of steps) {
      if (this.#isGone) return;
      await this.#carryOut(step);
    }
    await this.#serve(Infinity, this.#settings.perSecond);
  }

  get #isGone(): boolean {
    return this.#response.destroyed || this.#response.writableEnded || this.#settings.signal.aborted;
  }

  async #carryOut(step: Step): Promise<void> {
    if ('posts' in step) await this.#posts(step.posts);
    else if ('send' in step) await this.#write(Buffer.from(step.send));
    else if ('silenceMs' in step) await this.#pause(step.silenceMs);
    else if ('serveMs' in step) await this.#serve(step.serveMs, step.perSecond);
    else if ('keepAlives' in step) {
      for (let n = 0; n < step.keepAlives && !this.#isGone; n += 1) {
        await this.#pause(step.everyMs ?? this.#settings.keepAliveMs);
        await this.#write(NEWLINE);
      }
    } else if (step.disconnect === 'in-band') {
      await this.#write(Buffer.concat([Buffer.from(JSON.stringify(OPERATIONAL_DISCONNECT)), NEWLINE]));
      this.#response.end();
    } else if (step.disconnect === 'end') this.#response.end();
    else this.#response.socket?.resetAndDestroy();
  }

  async #serve(ms: number, perSecond: number): Promise<void> {
    const { keepAliveMs, published } = this.#settings;
    const began = performance.now();
    let given = 0;
    let lastByte = began;
    while (!this.#isGone && performance.now() - began < ms) {
      const due = Math.floor((perSecond * (performance.now() - began)) / 1000) - given;
      if (published.length > 0) {
        await this.#write(Buffer.concat(published.splice(0).flatMap((line) => [line, NEWLINE])));
        lastByte = performance.now();
      } else if (due > 0) {
        given += due;
        if ((await this.#posts(due)) > 0) lastByte = performance.now();
      } else if (performance.now() - lastByte >= keepAliveMs) {
        await this.#write(NEWLINE);
        lastByte = performance.now();
      }
      await this.#pause(TICK_MS);
    }
  }

  /** @returns how many there were. */
  async #posts(count: number): Promise<number> {
    const lines: Buffer[] = [];
    for (let n = 0; n < count; n += 1) {
      const line = this.#settings.nextLine();
      if (line === null) break;
      lines.push(line, NEWLINE);
    }
    if (lines.length > 0) await this.#write(Buffer.concat(lines));
    return lines.length / 2;
  }

  async #write(bytes: Buffer): Promise<void> {
    const size = this.#settings.chunkBytes ?? bytes.length;
    for (let at = 0; at < bytes.length && !this.#isGone; at += size) {
      if (this.#response.write(bytes.subarray(at, at + size))) continue;
      await new Promise<void>((resolve) => {
        this.#response.once('drain', resolve);
        this.#response.once('close', resolve);
      });
    }
  }

  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#settings.signal }).catch(() => undefined);
  }
}
