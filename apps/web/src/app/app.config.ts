import { type ApplicationConfig, provideBrowserGlobalErrorListeners } from '@angular/core';
import { provideAnimationsAsync } from '@angular/platform-browser/animations/async';
import { provideRouter } from '@angular/router';
import { routes } from './app.routes';
import { provideGraphql } from './data/apollo';

export const appConfig: ApplicationConfig = {
  providers: [
    provideBrowserGlobalErrorListeners(),
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- ngx-charts still asks for an animation renderer
    provideAnimationsAsync('noop'),
    provideRouter(routes),
    provideGraphql(),
  ],
};
