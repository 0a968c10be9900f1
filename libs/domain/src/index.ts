export * from './analysis.js';
export * from './analysis-key.js';
export * from './app-error.js';
export * from './ask-interval.js';
export * from './interval.js';
export { peakHours } from './peak-hours.js';
export * from './post.js';
export { isTimeZone } from './time-zone.js';
export { fitBucket, groupVolume } from './volume.js';
