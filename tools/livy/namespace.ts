import { spawnSync } from 'node:child_process';

const ISOLATE = ['--net', '--pid', '--fork', '--mount-proc', '--kill-child'];

/**
 * The command that runs another one in a network and process namespace of its own, or undefined where that is not to be
 * had. Livy's RPC ports listen on every interface: there, the loopback is the only one, and drivers that are left behind
 * end with it.
 */
export function namespaceCommand(): readonly string[] | undefined {
  const unshare = ['unshare', ...(process.getuid?.() === 0 ? [] : ['--map-root-user']), ...ISOLATE];
  const command = [...unshare, 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh'];
  const [program = '', ...args] = command;
  return spawnSync(program, [...args, 'true'], { stdio: 'ignore' }).status === 0 ? command : undefined;
}
