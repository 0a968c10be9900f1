/** The server to test on; undefined where one is to be started. */
export function livyUrl(): string | undefined {
  return process.env['LIVY_URL'] === '' ? undefined : process.env['LIVY_URL'];
}

/** Tells the tests of the server that was started for them. */
export function setLivyUrl(url: string): void {
  process.env['LIVY_URL'] = url;
}

/** How the server that is started for the tests behaves: manners, and a `KEY=VALUE` a line of LIVY_CONF. */
export function serverOptions(): { readonly manners: string; readonly conf: readonly string[] } {
  return {
    manners: process.env['LIVY_MANNERS'] ?? '0.9',
    conf: (process.env['LIVY_CONF'] ?? '').split('\n').filter((pair) => pair !== ''),
  };
}
