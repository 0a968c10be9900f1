/** `signal.aborted` as it is now: within a loop that asked before, the compiler takes it for what it was. */
export function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
