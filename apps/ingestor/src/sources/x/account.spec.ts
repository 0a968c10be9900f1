import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '@analytica/domain';
import { describe, expect, it } from 'vitest';
import { forPeople, openAccount, readApiUrl } from './account.js';

const X_API_URL = 'https://api.x.com';

describe('readApiUrl', () => {
  it.each(['https://api.x.com', 'http://127.0.0.1:8099', 'http://localhost:1', 'http://[::1]:80', 'https://x.test/'])(
    'takes %s',
    (url) => expect(readApiUrl(url).host).not.toBe(''),
  );

  it.each([
    ['http://api.x.com', /in the clear/],
    ['http://127.0.0.1.evil.test', /in the clear/],
    ['https://user:secret@api.x.com', /user name and password out/],
    ['https://api.x.com/2/', /scheme and host alone/],
    ['https://api.x.com/?token=1', /scheme and host alone/],
  ])('refuses %s', (url, sentence) => {
    expect(() => readApiUrl(url)).toThrow(sentence);
    expect(() => readApiUrl(url)).not.toThrow(/secret/);
  });
});

describe('openAccount', () => {
  it('takes the token from the environment or from a file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'token-'));
    const file = join(folder, 'token');
    writeFileSync(file, 'abc%3D\n');
    expect(openAccount('x-filtered', { X_API_URL, X_BEARER_TOKEN_FILE: file }).token).toBe('abc%3D');
    expect(openAccount('x-filtered', { X_API_URL, X_BEARER_TOKEN: ' t ', X_BEARER_TOKEN_FILE: file }).token).toBe('t');
    rmSync(folder, { recursive: true });
    expect(() => openAccount('x-filtered', { X_API_URL, X_BEARER_TOKEN_FILE: file })).toThrow(
      /cannot be read \(ENOENT\)/,
    );
  });

  it('says what is missing, and never shows a token', () => {
    expect(() => openAccount('x-filtered', { X_API_URL })).toThrow(AppError);
    expect(() => openAccount('x-filtered', { X_API_URL })).toThrow(/set X_BEARER_TOKEN/);
    for (const token of ['two words', 'se\ncret', 'sécret', '']) {
      expect(() => openAccount('x-filtered', { X_API_URL, X_BEARER_TOKEN: token })).toThrow(
        /^X_BEARER_TOKEN holds no bearer token/,
      );
    }
  });
});

describe('forPeople', () => {
  it('makes one short line, without the token', () => {
    expect(forPeople('your token abc\n is  wrong', { token: 'abc' })).toBe('your token … is wrong');
    expect(forPeople('x'.repeat(500), { token: 'abc' })).toHaveLength(200);
    expect(forPeople('\ud800', { token: 'abc' })).toBe('\ufffd');
  });
});
