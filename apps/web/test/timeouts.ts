/** How long a test waits for a state of the page. Long, because a slow machine is no fault. */
export const STATE_TIMEOUT_MS = 90_000;
