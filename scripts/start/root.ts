import { join } from 'node:path';

/** Root of the checkout. */
export const ROOT = join(import.meta.dirname, '..', '..');
