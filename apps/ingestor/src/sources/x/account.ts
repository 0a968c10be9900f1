import { readFileSync } from 'node:fs';
import { AppError } from '@analytica/domain';

/** How requests reach the X API. The token stands in a header alone: in no URL, no message and no status. */
export interface XAccount {
  /** Without a path. */
  readonly apiUrl: URL;
  readonly token: string;
}

export interface XAccountSettings {
  readonly X_API_URL: string;
  readonly X_BEARER_TOKEN?: string | undefined;
  readonly X_BEARER_TOKEN_FILE?: string | undefined;
}

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * Checks where the X API is.
 * @throws AppError `CONFIG_INVALID`: the token goes over TLS, or stays on this machine.
 */
export function readApiUrl(value: string): URL {
  const url = new URL(value);
  const invalid = (reason: string): AppError => new AppError('CONFIG_INVALID', `X_API_URL cannot be used: ${reason}.`);
  if (url.username !== '' || url.password !== '') throw invalid('leave user name and password out');
  if (url.protocol !== 'https:' && !LOOPBACK.test(url.hostname)) {
    throw invalid('the token would be sent in the clear; give an address that begins with https://');
  }
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    throw invalid('give scheme and host alone, such as https://api.x.com');
  }
  return url;
}

/**
 * The account that the settings name.
 * @param who - what needs it, for the sentence.
 * @throws AppError `CONFIG_INVALID`, which never shows the token.
 */
export function openAccount(who: string, settings: XAccountSettings): XAccount {
  const apiUrl = readApiUrl(settings.X_API_URL);
  const { X_BEARER_TOKEN: value, X_BEARER_TOKEN_FILE: file } = settings;
  if (value === undefined && file === undefined) {
    throw new AppError(
      'CONFIG_INVALID',
      `${who} needs the bearer token of an X app: set X_BEARER_TOKEN in the environment or in .env, or X_BEARER_TOKEN_FILE.`,
    );
  }
  const [name, token] =
    value === undefined ? ['X_BEARER_TOKEN_FILE', readTokenFile(file ?? '')] : ['X_BEARER_TOKEN', value.trim()];
  // What a header may hold. The token itself is not shown.
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new AppError('CONFIG_INVALID', `${name} holds no bearer token: it is one word of letters, digits and signs.`);
  }
  return { apiUrl, token };
}

function readTokenFile(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new AppError('CONFIG_INVALID', `X_BEARER_TOKEN_FILE names ${file}, which cannot be read (${code}).`);
  }
}

/** A text of the platform for people: one line, not long, and without the token, whatever the platform put into it. */
export function forPeople(text: string, { token }: Pick<XAccount, 'token'>): string {
  const line = text.replaceAll(token, '…').replace(/\s+/g, ' ').trim();
  return (line.length > 200 ? `${line.slice(0, 199)}…` : line).toWellFormed();
}
