import { Controller, Get, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ApiMetrics } from './api-metrics.js';

@Controller('metrics')
export class MetricsController {
  readonly #metrics: ApiMetrics;

  constructor(@Inject(ApiMetrics) metrics: ApiMetrics) {
    this.#metrics = metrics;
  }

  @Get()
  async scrape(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    void reply.header('content-type', this.#metrics.registry.contentType);
    return this.#metrics.registry.metrics();
  }
}
