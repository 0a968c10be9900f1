export * from './analysis.js';
export * from './app-error.js';
export * from './interval.js';
export * from './post.js';
