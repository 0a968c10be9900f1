import { type ApplicationConfig, provideBrowserGlobalErrorListeners } from '@angular/core';
import { provideAnimationsAsync } from '@angular/platform-browser/animations/async';
import { type Routes, provideRouter } from '@angular/router';
import { provideGraphql } from './data/apollo';

const routes: Routes = [
  { path: '', loadComponent: () => import('./pages/ask/ask-page').then((m) => m.AskPage) },
  { path: '**', redirectTo: '' },
];

export const appConfig: ApplicationConfig = {
  providers: [
    provideBrowserGlobalErrorListeners(),
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- ngx-charts still asks for an animation renderer
    provideAnimationsAsync('noop'),
    provideRouter(routes),
    provideGraphql(),
  ],
};
