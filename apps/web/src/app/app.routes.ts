import type { Routes } from '@angular/router';

/**
 * Each page is loaded with its first visit. A page provides its own state in its component, not here: the router keeps
 * the providers of a route after the page is left.
 */
export const routes: Routes = [
  { path: '', pathMatch: 'full', loadComponent: () => import('./pages/ask/ask-page').then((m) => m.AskPage) },
  { path: 'capture', loadComponent: () => import('./pages/capture/capture-page').then((m) => m.CapturePage) },
  { path: '**', redirectTo: '' },
];
