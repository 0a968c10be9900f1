import { ChangeDetectionStrategy, Component, output } from '@angular/core';
import { syntaxSpans } from '../../core/topic';
import { TopicSyntax } from '../../ui/topic-syntax';

const LINES = [
  ['train', 'The word, as a hashtag too'],
  ['"night train"', 'The words in this order'],
  ['#nighttrain', 'The hashtag, however it is spelled'],
  ['@lineanotte', 'A mention of the account'],
  ['train night', 'Both words, anywhere in the post'],
  ['train OR bus', 'One of them at least'],
  ['train NOT game', 'The first without the second'],
  ['(train OR bus) NOT game', 'NOT binds first, then AND, then OR'],
] as const;

/** The screen that says how topics are written. Each line can be added to the topic. */
@Component({
  selector: 'ta-syntax-help',
  imports: [TopicSyntax],
  template: `<div class="state-page">
    <h2 class="big">How to write a topic</h2>
    <p>Nothing was asked yet. Fix the topic above, or press Enter on a line below to add it.</p>
    <div class="panel">
      <table class="lt ex">
        <thead>
          <tr>
            <th>Write</th>
            <th>to find</th>
          </tr>
        </thead>
        <tbody>
          @for (line of lines; track line.topic) {
            <tr>
              <td>
                <button type="button" class="name q" (click)="add.emit(line.topic)">
                  <ta-topic-syntax [spans]="line.spans" />
                </button>
              </td>
              <td>{{ line.finds }}</td>
            </tr>
          }
        </tbody>
      </table>
    </div>
  </div>`,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class SyntaxHelp {
  readonly add = output<string>();
  protected readonly lines = LINES.map(([topic, finds]) => ({ topic, finds, spans: syntaxSpans(topic, null) }));
}
