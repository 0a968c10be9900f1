import { closeSync, fsyncSync, mkdirSync, openSync, unlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

/** A reason not to start that a person can act on: printed as one sentence, without a stack. */
export class StartError extends Error {}

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');

/** What a failed write to a folder means, in a sentence. */
export function explainWriteFailure(error: unknown, path: string): string {
  switch (codeOf(error)) {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return `no right to write in ${path}. Choose another folder with --data-dir, or give yourself the right to it.`;
    case 'ENOSPC':
    case 'EDQUOT':
      return `the disk that holds ${path} is full. Free some space, or choose another folder with --data-dir.`;
    case 'ENOTDIR':
    case 'EEXIST':
      return `${path} is not a folder. Choose another one with --data-dir.`;
    default:
      return `cannot write in ${path} (${error instanceof Error ? error.message : String(error)}).`;
  }
}

/** Makes the folder, then writes and syncs 64 KiB, so that a full disk or a missing right shows before anything runs. */
export function checkDataDir(dataDir: string): void {
  const probe = join(dataDir, `.probe-${process.pid}`);
  try {
    mkdirSync(dataDir, { recursive: true });
    const file = openSync(probe, 'w');
    try {
      writeFileSync(file, Buffer.alloc(65_536)); // unlike writeSync it does not stop at a short write
      fsyncSync(file);
    } finally {
      closeSync(file);
      unlinkSync(probe);
    }
  } catch (error) {
    throw new StartError(explainWriteFailure(error, dataDir));
  }
}

/** Fails with a sentence if the port cannot be had. */
export async function checkPort(host: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error) => {
      const code = codeOf(error);
      const reason =
        code === 'EADDRINUSE'
          ? `port ${port} is in use (is another start running?). Choose another one: npm start -- --port ${port === 65_535 ? 8080 : port + 1}`
          : code === 'EACCES'
            ? `no right to listen on port ${port}. Choose one above 1023: npm start -- --port 8080`
            : code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND'
              ? `this machine has no address ${host}. Choose another one with --host.`
              : error.message;
      reject(new StartError(reason));
    });
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => resolve()));
  });
}

/** Below the ports that systems give to outgoing connections: one of those could take the port before it is listened on. */
const LOWEST_PORT = 20_000;
const PORTS = 12_000;

/** A port that is free now. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 50; tries++) {
    const port = await tryPort(LOWEST_PORT + Math.floor(Math.random() * PORTS)).catch(() => null);
    if (port !== null) return port;
  }
  return await tryPort(0);
}

async function tryPort(port: number): Promise<number> {
  return await new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
      const address = probe.address();
      probe.close(() =>
        address !== null && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}
