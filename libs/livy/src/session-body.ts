import { type CreateSessionOptions, type ServerVersion } from './api.js';
import { LivyError } from './errors.js';

/**
 * The body of `POST /sessions` in the manners of `version`.
 * @throws LivyError `UNSUPPORTED` for what that version lacks, or a name that the server would refuse
 */
export function sessionBody(options: CreateSessionOptions, version: ServerVersion): Record<string, unknown> {
  const { idleTimeout, ttl, kind, ...rest } = options;
  if (/^\d*$/.test(options.name)) {
    throw new LivyError('UNSUPPORTED', 'a session name is not empty and not made of digits alone');
  }
  if (version.hasIdleTimeout) {
    return {
      ...rest,
      kind: kind ?? 'pyspark',
      ...(idleTimeout === undefined ? {} : { idleTimeout }),
      ...(ttl === undefined ? {} : { ttl }),
    };
  }
  if (ttl !== undefined) {
    throw new LivyError(
      'UNSUPPORTED',
      `Livy ${version.version} knows no lifetime of a session: its ttl is the idle timeout`,
    );
  }
  return { ...rest, kind: kind ?? 'pyspark', ...(idleTimeout === undefined ? {} : { ttl: idleTimeout }) };
}
