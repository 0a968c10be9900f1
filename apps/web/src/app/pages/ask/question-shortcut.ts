import { Directive, output } from '@angular/core';

/** The key `/` goes to the question, unless the user types into a field. */
@Directive({
  selector: '[taQuestionShortcut]',
  host: { '(document:keydown)': 'press($event)' },
})
export class QuestionShortcut {
  readonly taQuestionShortcut = output();

  protected press(event: KeyboardEvent): void {
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
    event.preventDefault();
    this.taQuestionShortcut.emit();
  }
}

function isTyping(event: KeyboardEvent): boolean {
  return event.target instanceof Element && event.target.closest('input, textarea, select, [contenteditable]') !== null;
}
