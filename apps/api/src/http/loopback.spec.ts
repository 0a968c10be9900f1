import { expect, it } from 'vitest';
import { acceptsHost } from './loopback.js';

it.each(['localhost', 'localhost:8080', 'LOCALHOST:1', '127.0.0.1', '127.0.0.1:8080', '[::1]', '[::1]:8080'])(
  'a server on loopback answers to %s',
  (host) => {
    expect(acceptsHost('127.0.0.1', host)).toBe(true);
  },
);

it.each([
  'evil.example',
  'evil.example:8080',
  'localhost.evil.example',
  '127.0.0.1.nip.io',
  '10.0.0.1:8080',
  '',
  undefined,
])('a server on loopback does not answer to %s', (host) => {
  for (const listen of ['127.0.0.1', 'localhost', '::1', '127.0.0.2']) {
    expect(acceptsHost(listen, host)).toBe(false);
  }
  expect(acceptsHost('0.0.0.0', host)).toBe(true);
});
