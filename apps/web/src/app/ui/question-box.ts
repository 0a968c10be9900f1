import {
  ChangeDetectionStrategy,
  Component,
  type ElementRef,
  computed,
  input,
  model,
  output,
  viewChild,
} from '@angular/core';
import { type Problem, syntaxSpans } from '../core/topic';
import { Icon } from './icon';
import { TopicSyntax } from './topic-syntax';

/** The input of the topic: a textarea with transparent text over a copy with syntax highlighting. */
@Component({
  selector: 'ta-question-box',
  imports: [Icon, TopicSyntax],
  template: `<div class="topic" [class.bad]="problem() !== null">
    <div class="field">
      <div class="mirror" aria-hidden="true">
        @if (topic() === '') {
          <span class="holder">{{ placeholder }}</span>
        } @else {
          <ta-topic-syntax [spans]="spans()" />
        }
      </div>
      <textarea
        #box
        rows="1"
        maxlength="1024"
        aria-label="Topic"
        spellcheck="false"
        autocapitalize="off"
        autocomplete="off"
        enterkeyhint="search"
        [placeholder]="placeholder"
        [attr.aria-invalid]="problem() !== null"
        [attr.aria-describedby]="problem() ? describedBy() : null"
        [value]="topic()"
        (input)="readInput(box)"
        (keydown.enter)="enter($event)"
      ></textarea>
    </div>
    @if (topic() !== '') {
      <button type="button" class="iconbtn" aria-label="Clear the topic" (click)="clear()">
        <ta-icon name="close" />
      </button>
    }
  </div>`,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class QuestionBox {
  readonly topic = model.required<string>();
  readonly problem = input<Problem | null>(null);
  /** The id of the element that says what is wrong. */
  readonly describedBy = input<string>();
  readonly submitted = output();
  protected readonly placeholder = 'A word, a "phrase", a #hashtag, an @account';
  protected readonly spans = computed(() => syntaxSpans(this.topic(), this.problem()));
  protected readonly box = viewChild.required<ElementRef<HTMLTextAreaElement>>('box');

  focus(): void {
    const box = this.box().nativeElement;
    box.focus();
    box.setSelectionRange(box.value.length, box.value.length);
  }

  protected readInput(box: HTMLTextAreaElement): void {
    const value = box.value.replace(/\s*\n\s*/g, ' '); // a pasted text of several lines is one topic
    if (value !== box.value) box.value = value;
    this.topic.set(value);
  }

  protected enter(event: Event): void {
    if ((event as KeyboardEvent).isComposing) return;
    event.preventDefault();
    this.submitted.emit();
  }

  protected clear(): void {
    this.topic.set('');
    this.focus();
  }
}
