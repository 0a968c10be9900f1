import { describe, expect, it } from 'vitest';
import { readConfig } from './config.js';

describe('INGEST_LANGUAGES', () => {
  const languages = (value: string, sources = 'replay') =>
    readConfig({ INGEST_SOURCES: sources, INGEST_LANGUAGES: value, REPLAY_FILES: 'a' }).languages;

  it.each([
    ['', []],
    ['en', ['en']],
    [' EN, it,,und,en ', ['en', 'it', 'und']],
    [',', []],
  ])('"%s" keeps %j', (value, expected) => {
    expect(languages(value)).toEqual(expected);
  });

  it('leaves demo data whole', () => {
    expect(languages('en', 'demo')).toEqual([]);
  });

  it.each(['en-US', 'e', 'english!', 'en it'])('refuses "%s" with a sentence', (value) => {
    expect(() => languages(value)).toThrow(/^INGEST_LANGUAGES is ".*": give languages of two or three letters/);
  });
});
