import { AppError } from '@analytica/domain';
import { z } from 'zod';

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the variables that a schema names. An empty variable is one that is not set.
 * @throws AppError `CONFIG_INVALID` with one sentence that names the variable and shows no secret.
 */
export function parseVariables<Schema extends z.ZodObject>(schema: Schema, environment: Environment): z.output<Schema> {
  const names = Object.keys(schema.shape);
  const set = Object.fromEntries(names.flatMap((name) => (environment[name] ? [[name, environment[name]]] : [])));
  const parsed = schema.safeParse(set);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const name = String(issue?.path[0]);
  const value = isSecret(schema, name) ? 'not usable' : `"${set[name] ?? ''}"`;
  throw new AppError('CONFIG_INVALID', `${name} is ${value}: ${issue?.message ?? 'not a valid value'}.`);
}

function isSecret({ shape }: z.ZodObject, name: string): boolean {
  const variable: unknown = shape[name];
  return variable instanceof z.ZodType && variable.meta()?.['secret'] === true;
}
