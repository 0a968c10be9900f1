import { CombinedGraphQLErrors } from '@apollo/client';

/** The message of an error for a reader, without the library's prefixes. */
export function errorText(error: unknown): string {
  if (!navigator.onLine) return 'This browser is offline';
  if (error instanceof TypeError) return 'The server could not be reached';
  if (error instanceof Error) {
    const status = (error as { statusCode?: unknown }).statusCode;
    if (typeof status === 'number') return `The server answered with status ${String(status)}`;
    return error.message;
  }
  return 'The connection broke';
}

/** The server's own code; `NETWORK` if no answer came. */
export function errorCode(error: unknown): string {
  if (!CombinedGraphQLErrors.is(error)) return 'NETWORK';
  const code = error.errors[0]?.extensions?.['code'];
  return typeof code === 'string' ? code : 'INTERNAL';
}
