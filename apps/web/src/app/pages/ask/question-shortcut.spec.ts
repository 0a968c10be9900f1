import { Component } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { QuestionShortcut } from './question-shortcut';

@Component({
  imports: [QuestionShortcut],
  template: `<div (taQuestionShortcut)="pressed = pressed + 1"></div>
    <input /><textarea></textarea
    ><select></select
    ><button>Ask</button>`,
})
class Host {
  pressed = 0;
}

describe('the shortcut to the question', () => {
  function press(target: string, init: KeyboardEventInit): { pressed: number; prevented: boolean } {
    const fixture = TestBed.createComponent(Host);
    fixture.detectChanges();
    const host = fixture.nativeElement as HTMLElement;
    document.body.append(host);
    const event = new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...init });
    (target === 'document' ? document : host.querySelector(target))?.dispatchEvent(event);
    const { pressed } = fixture.componentInstance;
    fixture.destroy();
    document.dispatchEvent(new KeyboardEvent('keydown', { key: '/' }));
    expect(fixture.componentInstance.pressed).toBe(pressed); // nobody listens any more
    return { pressed, prevented: event.defaultPrevented };
  }

  it.each(['document', 'button'])('is the slash on the %s', (target) => {
    expect(press(target, { key: '/' })).toEqual({ pressed: 1, prevented: true });
  });
  it.each(['input', 'textarea', 'select'])('is no slash that is typed into: %s', (target) => {
    expect(press(target, { key: '/' })).toEqual({ pressed: 0, prevented: false });
  });
  it('is no other key', () => {
    for (const init of [
      { key: 'a' },
      { key: '/', ctrlKey: true },
      { key: '/', metaKey: true },
      { key: '/', altKey: true },
    ])
      expect(press('button', init)).toEqual({ pressed: 0, prevented: false });
  });
});
