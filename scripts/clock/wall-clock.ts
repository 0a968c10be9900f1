import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A wall clock for other processes, which can be set while they run. Monotonic clocks and the times of files stay right. */
export class WallClock {
  /** What a process that shall see it needs in its environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly #file: string;

  /** @param folder - where the setting is kept. */
  constructor(folder: string, library: string) {
    this.#file = join(folder, 'wall-clock');
    this.env = {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: this.#file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      DONT_FAKE_MONOTONIC: '1',
      NO_FAKE_STAT: '1',
    };
    this.set('+0');
  }

  /** @param setting - how far it is off, as `+10d`, `-10d` or `+0`; or `@2026-03-11 13:31:00`, from when on it goes. */
  set(setting: string): void {
    writeFileSync(this.#file, `${setting}\n`);
  }
}
