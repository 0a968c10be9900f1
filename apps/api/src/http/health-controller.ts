import { AppError } from '@analytica/domain';
import { Controller, Get, HttpCode, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Snapshots } from '../lake/snapshots.js';
import { LOG, type Log } from '../log.js';
import { publicMessage } from '../runs/public-message.js';
import { RedisConnections, withQueue } from '../redis/redis-connections.js';
import { DashboardAssets } from './dashboard-assets.js';

/** `ok`, or what is wrong. */
type Check = string;

/** Live: the process answers. Ready: everything that it needs is there; else what is missing. */
@Controller('health')
export class HealthController {
  readonly #redis: RedisConnections;
  readonly #snapshots: Snapshots;
  readonly #web: DashboardAssets;
  readonly #log: Log;

  constructor(
    @Inject(RedisConnections) redis: RedisConnections,
    @Inject(Snapshots) snapshots: Snapshots,
    @Inject(DashboardAssets) web: DashboardAssets,
    @Inject(LOG) log: Log,
  ) {
    this.#redis = redis;
    this.#snapshots = snapshots;
    this.#web = web;
    this.#log = log;
  }

  @Get('live')
  @HttpCode(200)
  live(): { status: string } {
    return { status: 'ok' };
  }

  @Get('ready')
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<Record<string, Check>> {
    const [redis, lake] = await Promise.all([
      this.#check(withQueue(() => this.#redis.commands.ping())),
      this.#check(this.#snapshots.take()),
    ]);
    const web = (await this.#web.available()) ? 'ok' : 'The dashboard is not built.';
    const ready = [redis, lake, web].every((state) => state === 'ok');
    void reply.status(ready ? 200 : 503).header('cache-control', 'no-store');
    return { status: ready ? 'ok' : 'not ready', redis, lake, web };
  }

  async #check(work: Promise<unknown>): Promise<Check> {
    return work.then(
      () => 'ok',
      (error: unknown) => {
        this.#log.warn({ err: error }, 'not ready');
        return error instanceof AppError ? publicMessage(error) : 'It cannot be read. The log says why.';
      },
    );
  }
}
