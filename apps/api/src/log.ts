import type { LoggerService } from '@nestjs/common';
import { pino, type Logger } from 'pino';

/** Injection token of the process's logger. */
export const LOG = Symbol('log');
export type Log = Logger;

/** A structured logger on stderr, so that stdout stays free for what a person reads. */
export function createLog(name: string, level: string): Log {
  return pino({ name, level, base: { name } }, pino.destination({ dest: 2, sync: false }));
}

/** Nest's own messages through our logger; those of its start are for debugging only. */
export function nestLogger(log: Log): LoggerService {
  return {
    log: (message: unknown) => {
      log.debug(String(message));
    },
    debug: (message: unknown) => {
      log.debug(String(message));
    },
    verbose: (message: unknown) => {
      log.trace(String(message));
    },
    warn: (message: unknown) => {
      log.warn(String(message));
    },
    error: (message: unknown) => {
      log.error(String(message));
    },
    fatal: (message: unknown) => {
      log.fatal(String(message));
    },
  };
}
