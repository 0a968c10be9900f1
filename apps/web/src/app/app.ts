import { ChangeDetectionStrategy, Component } from '@angular/core';
import { RouterOutlet } from '@angular/router';
import { AppHeader } from './app-header';

@Component({
  selector: 'ta-root',
  imports: [RouterOutlet, AppHeader],
  template: `<a class="skip" href="#answer" (click)="skip($event)">Skip to the answer</a>
    <ta-header />
    <router-outlet />`,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class App {
  /** A plain fragment link would lose the question, because the base of the page is `/`. */
  protected skip(event: Event): void {
    event.preventDefault();
    document.getElementById('answer')?.focus();
  }
}
