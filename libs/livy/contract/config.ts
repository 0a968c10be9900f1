/** The server to test. */
export function livyUrl(): string {
  const url = process.env['LIVY_URL'];
  if (!url) throw new Error('LIVY_URL names the server to test: `npm run test:livy` sets it');
  return url;
}

/** A Redis of the tests' own. */
export function redisUrl(): string | undefined {
  return process.env['TEST_REDIS_URL'];
}

/** Tells the tests of the Redis that was started for them. */
export function setRedisUrl(url: string): void {
  process.env['TEST_REDIS_URL'] = url;
}

/** Whether the suite runs where only the loopback is and everything ends with it, so that a real server's drivers may be left. */
export function inNamespace(): boolean {
  return process.env['LIVY_CONTRACT_NAMESPACE'] === '1';
}
