import { describe, expect, it } from 'vitest';
import { parseOptions, usage } from './options.ts';
import { StartError } from './preflight.ts';
import { SETTINGS } from './settings.ts';

const parse = (args: readonly string[], env: NodeJS.ProcessEnv = {}) => {
  const options = parseOptions(args, env);
  if (options === 'help') throw new Error('unexpected help');
  return options;
};

describe('parseOptions', () => {
  it('has sensible defaults', () => {
    expect(parse([])).toMatchObject({
      port: 8080,
      host: '127.0.0.1',
      sources: [{ name: 'demo' }],
      lake: 'demo',
      replayFiles: [],
      rebase: false,
      build: true,
      engine: 'embedded',
      livyUrl: '',
    });
  });

  it('prefers a flag to the environment', () => {
    expect(parse(['--port', '9001'], { PORT: '9000' }).port).toBe(9001);
    expect(parse([], { PORT: '9000' }).port).toBe(9000);
  });

  it('hands every setting to the processes under its own name', () => {
    expect(parse(['--demo-rate', '3'], { LOG_LEVEL: 'debug' }).environment).toMatchObject({
      DEMO_RATE: '3',
      LOG_LEVEL: 'debug',
    });
    expect(parse([]).environment['DUCKDB_THREADS']).toBeUndefined();
  });

  it('takes the engine and its Livy, and no secret as an option', () => {
    const options = parse(['--engine', 'auto', '--livy-pool-max', '4'], {
      LIVY_URL: 'http://livy',
      LIVY_AUTH_SECRET: 's',
    });
    expect(options).toMatchObject({ engine: 'auto', livyUrl: 'http://livy' });
    expect(options.environment).toMatchObject({ ENGINE: 'auto', LIVY_POOL_MAX: '4', LIVY_AUTH_SECRET: 's' });
    expect(() => parse(['--livy-auth-secret', 's'])).toThrow(StartError);
  });

  it('gives the same sources and the same lake to every process', () => {
    const environment = (args: readonly string[], env: NodeJS.ProcessEnv = {}) => parse(args, env).environment;
    expect(environment([])).toMatchObject({ INGEST_SOURCES: 'demo', LAKE: 'demo' });
    expect(environment(['--replay', 'a'])).toMatchObject({ INGEST_SOURCES: 'replay', LAKE: 'lake' });
    expect(environment(['--ingest-sources', 'none'])).toMatchObject({ INGEST_SOURCES: 'none', LAKE: 'lake' });
    expect(environment(['--lake', 'tests'])).toMatchObject({ INGEST_SOURCES: 'demo', LAKE: 'tests' });
    expect(environment([], { LAKE: './here', INIT_CWD: '/somewhere' })).toMatchObject({ LAKE: '/somewhere/here' });
  });

  it('reads INGEST_SOURCE, which the version before knew, and hands on the new name alone', () => {
    const { environment, sources } = parse([], { INGEST_SOURCE: 'none' });
    expect(sources).toEqual([]);
    expect(environment).toMatchObject({ INGEST_SOURCES: 'none', INGEST_SOURCE: undefined });
    expect(parse([], { INGEST_SOURCE: 'none', INGEST_SOURCES: 'demo' }).sources).toMatchObject([{ name: 'demo' }]);
    expect(parse(['--ingest-source', 'none'], { INGEST_SOURCES: 'demo' }).sources).toEqual([]);
  });

  it('takes all files after --replay, relative to where the command was typed', () => {
    const options = parse(['--replay', 'a.bz2', 'b.jsonl', '--rebase'], { INIT_CWD: '/somewhere' });
    expect(options.replayFiles).toEqual(['/somewhere/a.bz2', '/somewhere/b.jsonl']);
    expect(options).toMatchObject({ sources: [{ name: 'replay' }], lake: 'lake', rebase: true, importName: '' });
    expect(parse(['--replay', 'a', '--import-name', 'june'], { REPLAY_IMPORT_NAME: 'may' }).importName).toBe('june');
    expect(parse(['--replay', 'a'], { REPLAY_IMPORT_NAME: 'may' }).importName).toBe('may');
  });

  it.each([
    [['--port', 'eighty'], /PORT is "eighty"/],
    [['--port', '70000'], /1 to 65535/],
    [['--prot', '80'], /--help lists the options/],
    [['file.jsonl'], /--replay FILE/],
    [['--replay', 'a', '--import-name', '../June'], /^--import-name is "\.\.\/June": give up to 64 small letters/],
    [['--import-name', 'june'], /--replay FILE\.\.\. --import-name/],
    [['--ingest-sources', 'twitter'], /^INGEST_SOURCES is "twitter": it can be demo, replay, [a-z, -]+ or none\.$/],
    [['--ingest-source', 'twitter'], /^INGEST_SOURCE is "twitter": it can be demo, replay, [a-z, -]+ or none\.$/],
    [['--ingest-sources', 'replay,twitter'], /twitter is no source/],
    [['--ingest-sources', 'none,demo'], /none stands alone/],
    [['--ingest-sources', 'replay'], /needs files/],
    [
      ['--ingest-sources', 'demo,replay', '--replay', 'a'],
      /demo data and real posts never share a lake; leave demo out/,
    ],
    [['--engine', 'steam'], /ENGINE is "steam"; it can be embedded, cluster or auto/],
  ])('says what is wrong with %j', (args, sentence) => {
    expect(() => parse(args)).toThrow(StartError);
    expect(() => parse(args)).toThrow(sentence);
  });

  it('lists every setting in --help', () => {
    expect(parseOptions(['--help'], {})).toBe('help');
    for (const { name } of SETTINGS) expect(usage()).toContain(`--${name.toLowerCase().replaceAll('_', '-')}`);
  });
});
