import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Log } from '../log.js';

/** Gives errors outside GraphQL (a body that is too large, an unknown path) the shape of a GraphQL error. */
@Catch()
export class RequestErrorFilter implements ExceptionFilter {
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
  }

  catch(error: unknown, host: ArgumentsHost): void {
    if (host.getType<string>() === 'graphql') throw error;
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const status = statusOf(error);
    const { code, message } = describe(status, error);
    if (status >= 500) this.#log.error({ err: error }, 'a request failed');
    if (reply.sent) return;
    void reply
      .status(status)
      .type('application/json; charset=utf-8')
      .send({ errors: [{ message, extensions: { code } }] });
  }
}

function statusOf(error: unknown): number {
  if (typeof error !== 'object' || error === null) return 500;
  const { statusCode, status } = error as { statusCode?: unknown; status?: unknown };
  for (const candidate of [statusCode, status]) {
    if (typeof candidate === 'number' && candidate >= 400 && candidate < 600) return candidate;
  }
  return 500;
}

function describe(status: number, error: unknown): { readonly code: string; readonly message: string } {
  if (status === 413) {
    return {
      code: 'PAYLOAD_TOO_LARGE',
      message: 'The request is larger than 1 MiB. A topic has at most 1,024 characters.',
    };
  }
  if (status === 404) return { code: 'NOT_FOUND', message: 'There is nothing at this address.' };
  if (status < 500) return { code: 'BAD_REQUEST', message: error instanceof Error ? error.message : 'Bad request.' };
  return { code: 'INTERNAL_SERVER_ERROR', message: 'Something went wrong on our side. The log says what.' };
}
