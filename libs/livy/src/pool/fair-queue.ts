/** Someone who waits. */
interface Waiter<T> {
  readonly tenant: string;
  readonly resolve: (value: T) => void;
}

/** Waiters by tenant, served one tenant after another, each tenant's own in order of arrival: a busy tenant delays itself alone. */
export class FairQueue<T> {
  readonly #byTenant = new Map<string, Waiter<T>[]>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** How many wait whose tenant is not in `tenants`. */
  sizeWithout(tenants: ReadonlySet<string>): number {
    let size = 0;
    for (const [tenant, queue] of this.#byTenant) if (!tenants.has(tenant)) size += queue.length;
    return size;
  }

  /** The waiting tenants, next first. */
  get tenants(): string[] {
    return [...this.#byTenant.keys()];
  }

  /** @returns how to leave the queue */
  add(tenant: string, resolve: (value: T) => void): () => void {
    const waiter = { tenant, resolve };
    const queue = this.#byTenant.get(tenant);
    if (queue === undefined) this.#byTenant.set(tenant, [waiter]);
    else queue.push(waiter);
    this.#size++;
    return () => this.#remove(waiter);
  }

  /** Serves the first waiter of `tenant`; the tenant then goes to the end. @returns false if nobody of it waits */
  serve(tenant: string, value: T): boolean {
    const queue = this.#byTenant.get(tenant);
    const waiter = queue?.shift();
    if (queue === undefined || waiter === undefined) return false;
    this.#size--;
    this.#byTenant.delete(tenant);
    if (queue.length > 0) this.#byTenant.set(tenant, queue);
    waiter.resolve(value);
    return true;
  }

  #remove(waiter: Waiter<T>): void {
    const queue = this.#byTenant.get(waiter.tenant);
    const at = queue?.indexOf(waiter) ?? -1;
    if (queue === undefined || at < 0) return;
    queue.splice(at, 1);
    this.#size--;
    if (queue.length === 0) this.#byTenant.delete(waiter.tenant);
  }
}
