import { DOCUMENT, Injectable, inject, signal } from '@angular/core';

export type Theme = 'system' | 'light' | 'dark';
const KEY = 'ta-theme';
const NEXT_THEME: Record<Theme, Theme> = { system: 'light', light: 'dark', dark: 'system' };

/** System, light or dark; this browser stores it. One for the whole application. */
@Injectable({ providedIn: 'root' })
export class ThemeService {
  readonly #document = inject(DOCUMENT);
  readonly #chosen = signal<Theme>(this.#stored());
  readonly theme = this.#chosen.asReadonly();

  constructor() {
    this.#apply(this.#chosen());
  }

  next(): void {
    this.set(NEXT_THEME[this.#chosen()]);
  }

  set(theme: Theme): void {
    this.#chosen.set(theme);
    this.#apply(theme);
    try {
      this.#document.defaultView?.localStorage.setItem(KEY, theme);
    } catch {
      // A browser without storage forgets the choice.
    }
  }

  #apply(theme: Theme): void {
    const root = this.#document.documentElement;
    if (theme === 'system') delete root.dataset['theme'];
    else root.dataset['theme'] = theme;
  }

  #stored(): Theme {
    try {
      const value = this.#document.defaultView?.localStorage.getItem(KEY);
      return value === 'light' || value === 'dark' ? value : 'system';
    } catch {
      return 'system';
    }
  }
}
