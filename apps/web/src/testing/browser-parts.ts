import { vi } from 'vitest';

type Listening = Pick<EventTarget, 'addEventListener' | 'removeEventListener'>;

/** Parts of a browser that jsdom lacks. Nothing moves in them: they only count who listens. */
export class BrowserParts {
  /** Observers and listeners that are open. */
  #open = new Set<unknown>();

  constructor() {
    const open = this.#open;
    class Observer {
      observe(): void {
        open.add(this);
      }
      disconnect(): void {
        open.delete(this);
      }
    }
    vi.stubGlobal('ResizeObserver', Observer);
    vi.stubGlobal('IntersectionObserver', Observer);
    vi.stubGlobal('matchMedia', () => ({
      matches: false,
      addEventListener: (_: string, listener: unknown) => open.add(listener),
      removeEventListener: (_: string, listener: unknown) => open.delete(listener),
    }));
    vi.stubGlobal('scrollTo', () => undefined);
    for (const target of [window, document]) this.#count(target);
  }

  open(): number {
    return this.#open.size;
  }

  restore(): void {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  }

  #count(target: Listening): void {
    const { addEventListener, removeEventListener } = target;
    vi.spyOn(target, 'addEventListener').mockImplementation((...args) => {
      this.#open.add(args[1]);
      addEventListener.apply(target, args);
    });
    vi.spyOn(target, 'removeEventListener').mockImplementation((...args) => {
      this.#open.delete(args[1]);
      removeEventListener.apply(target, args);
    });
  }
}
