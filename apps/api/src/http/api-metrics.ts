import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';

/** What the HTTP process counts. */
export class ApiMetrics {
  readonly registry = new Registry();

  constructor(sources: { byStatus(): Promise<ReadonlyMap<string, number>>; subscribers(): number; sockets(): number }) {
    collectDefaultMetrics({ register: this.registry, prefix: 'analytica_api_' });
    new Gauge({
      name: 'analytica_analyses',
      help: 'Runs by status; finished ones while their results are kept',
      labelNames: ['status'],
      registers: [this.registry],
      async collect() {
        this.reset(); // without Redis nothing is known
        const counts = await sources.byStatus().catch(() => new Map<string, number>());
        for (const [status, count] of counts) this.set({ status }, count);
      },
    });
    new Gauge({
      name: 'analytica_event_subscribers',
      help: 'Subscriptions being served',
      registers: [this.registry],
      collect() {
        this.set(sources.subscribers());
      },
    });
    new Gauge({
      name: 'analytica_websockets',
      help: 'Open WebSockets',
      registers: [this.registry],
      collect() {
        this.set(sources.sockets());
      },
    });
  }
}
