/** How soon work passes to another worker after its worker died or lost Redis, in ms. */
export interface WorkerTiming {
  readonly lockDuration: number;
  readonly stalledInterval: number;
  readonly maxStalledCount: number;
}

export const WORKER_TIMING: WorkerTiming = { lockDuration: 10_000, stalledInterval: 5_000, maxStalledCount: 5 };
