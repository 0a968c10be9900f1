export { RedisLeaseStore, type LeaseLogEntry, type RedisLeaseStoreOptions } from './redis-lease-store.js';
