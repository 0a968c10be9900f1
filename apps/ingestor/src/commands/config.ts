import { parseVariables } from '../environment.js';
import type { XAccountSettings } from '../sources/x/account.js';
import { xAccountVariables } from '../sources/x/declaration.js';

/** What the environment says about where a lake is. */
export interface CommandEnvironment {
  readonly dataDir: string | undefined;
  readonly lake: string | undefined;
  /** The folder where the command was typed: npm runs scripts in the folder of the package. */
  readonly typedIn: string;
}

/** Reads the environment: the only place of the commands that does. An empty variable is one that is not set. */
export function readCommandEnvironment(env: NodeJS.ProcessEnv = process.env): CommandEnvironment {
  const text = (name: string): string | undefined => (env[name] === '' ? undefined : env[name]);
  return { dataDir: text('DATA_DIR'), lake: text('LAKE'), typedIn: text('INIT_CWD') ?? process.cwd() };
}

/**
 * What the environment says about the X account.
 * @throws AppError `CONFIG_INVALID` with one sentence that shows no secret.
 */
export function readAccountEnvironment(env: NodeJS.ProcessEnv = process.env): XAccountSettings {
  return parseVariables(xAccountVariables, env);
}
