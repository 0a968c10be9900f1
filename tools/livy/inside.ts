import { spawn } from 'node:child_process';
import { relay } from './relay.ts';

// First process of the namespace: runs the command and lets the socket file reach its port.
// `node inside.ts SOCKET PORT COMMAND...`
const [socket = '', port = '', command = '', ...args] = process.argv.slice(2);
const server = await relay({ path: socket }, { host: '127.0.0.1', port: Number(port) });
const child = spawn(command, args, { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill('SIGTERM'));
child.once('exit', (code) => {
  server.close();
  process.exit(code ?? 1);
});
