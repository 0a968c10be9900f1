import { Component } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { vi } from 'vitest';
import { ScrolledPast } from './scrolled-past';

@Component({
  imports: [ScrolledPast],
  template: `<div taScrolledPast #mark="taScrolledPast"></div>
    <p>{{ mark.past() }}</p>`,
})
class Host {}

describe('ScrolledPast', () => {
  let see: (entry: { isIntersecting: boolean; boundingClientRect: { top: number } }) => void;
  let observed: Element[] = [];

  beforeEach(() => {
    observed = [];
    vi.stubGlobal(
      'IntersectionObserver',
      class {
        constructor(callback: (entries: readonly unknown[]) => void) {
          see = (entry) => {
            callback([entry]);
          };
        }
        observe(element: Element): void {
          observed.push(element);
        }
        disconnect(): void {
          observed = [];
        }
      },
    );
  });
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it('is true only above the window, and observes nothing once it is gone', async () => {
    const fixture = TestBed.createComponent(Host);
    await fixture.whenStable();
    const shown = async (isIntersecting: boolean, top: number): Promise<string | undefined> => {
      see({ isIntersecting, boundingClientRect: { top } });
      await fixture.whenStable();
      return (fixture.nativeElement as HTMLElement).querySelector('p')?.textContent;
    };
    expect(observed).toHaveLength(1);
    expect(await shown(true, 100)).toBe('false');
    expect(await shown(false, -10)).toBe('true');
    expect(await shown(false, 2_000)).toBe('false'); // below the window
    fixture.destroy();
    expect(observed).toEqual([]);
  });
});
