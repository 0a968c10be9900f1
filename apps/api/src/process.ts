import { AppError } from '@analytica/domain';

/** A stop that takes longer than this is cut off. */
const STOP_DEADLINE_MS = 9_000;

/** Runs `close` once on SIGTERM, SIGINT or the end of the process that started this one, then exits with 0. */
export function stopOnSignal(close: () => Promise<void>): void {
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(0), STOP_DEADLINE_MS).unref();
    close().then(
      () => process.exit(0),
      () => process.exit(0),
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('disconnect', stop);
}

/** One sentence and exit code 2 for what the person who started the process can change; other errors keep their stack trace. */
export function refuseToStart(error: unknown): never {
  const sentence = sentenceOf(error);
  if (sentence === null) {
    console.error(error);
    process.exit(1);
  }
  console.error(sentence);
  process.exit(2);
}

function sentenceOf(error: unknown): string | null {
  if (error instanceof AppError) return error.message;
  if (!(error instanceof Error) || !('code' in error)) return null;
  const { port, address } = error as { port?: unknown; address?: unknown };
  switch (error.code) {
    case 'EADDRINUSE':
      return `Port ${String(port)} is already in use. Stop what uses it, or choose another with PORT.`;
    case 'EACCES':
      return `No right to listen on port ${String(port)}. Choose one above 1024 with PORT.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `This machine has no address ${String(address)}. Set HOST to one that it has.`;
    default:
      return null;
  }
}
