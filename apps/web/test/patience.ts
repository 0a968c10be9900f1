/** How long a state is waited for: a slow machine is no fault. */
export const PATIENCE_MS = 90_000;
