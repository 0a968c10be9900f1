import { describe, expect, it } from 'vitest';
import { parseOptions, SETTINGS, usage } from './options.ts';
import { StartError } from './preflight.ts';

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
      ingestSource: 'demo',
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

  it('takes all files after --replay, relative to where the command was typed', () => {
    const options = parse(['--replay', 'a.bz2', 'b.jsonl', '--rebase'], { INIT_CWD: '/somewhere' });
    expect(options.replayFiles).toEqual(['/somewhere/a.bz2', '/somewhere/b.jsonl']);
    expect(options).toMatchObject({ ingestSource: 'replay', rebase: true });
  });

  it.each([
    [['--port', 'eighty'], /PORT is "eighty"/],
    [['--port', '70000'], /1 to 65535/],
    [['--prot', '80'], /--help lists the options/],
    [['file.jsonl'], /--replay FILE/],
    [['--ingest-source', 'twitter'], /demo, replay or none/],
    [['--ingest-source', 'replay'], /needs files/],
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
