import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '@analytica/domain';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startXApi, type XApiDouble, type XApiDoubleOptions } from '../../../test/doubles/x-api.ts';
import { readApiUrl } from '../../sources/x/account.js';
import { XApi } from '../../sources/x/x-api.js';
import { parseRulesArguments, type RulesResult, runRules } from './rules-command.js';

const RULES = [
  { value: 'coffee lang:en', tag: 'coffee' },
  { value: '#lluvia' },
  { value: 'train OR bus', tag: 'ways' },
];

let folder: string;
let double: XApiDouble;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rules-'));
});
afterEach(async () => {
  await double.close();
  await rm(folder, { recursive: true, force: true });
});

async function run(
  command: string,
  file: string | object[] | null = null,
  options: XApiDoubleOptions = { rules: RULES },
  token?: string,
): Promise<RulesResult> {
  double = await startXApi(options);
  const path = join(folder, 'rules.txt');
  if (file !== null) await writeFile(path, typeof file === 'string' ? file : JSON.stringify(file));
  const parsed = parseRulesArguments(file === null ? [command] : [command, 'rules.txt'], folder);
  if (parsed === 'help') throw new Error('help');
  return runRules(parsed, new XApi({ apiUrl: readApiUrl(double.url), token: token ?? double.token }), [1, 1]);
}

const values = (): (readonly [string, string | undefined])[] =>
  double.rules.rules.map(({ value, tag }) => [value, tag] as const);

describe('npm run rules', () => {
  it('lists the rules', async () => {
    const { lines, exitCode } = await run('list');
    expect(lines[0]).toMatch(/^Rule +Tag +Id$/);
    expect(lines[1]).toMatch(/^coffee lang:en +coffee +\d+$/);
    expect(lines.at(-1)).toBe('3 rules');
    expect(exitCode).toBe(0);
    expect((await run('list', null, { rules: [] })).lines).toEqual([
      'There are no rules: the filtered stream gives nothing. npm run rules -- set FILE',
    ]);
  });

  it('sets rules by value and tag: a trial first, adds before deletes, and nothing twice', async () => {
    const wanted = [{ value: 'coffee lang:en', tag: 'coffee' }, { value: '#lluvia', tag: 'rain' }, { value: 'café' }];
    const { lines, exitCode } = await run('set', wanted);
    expect(exitCode).toBe(0);
    expect(lines.map((line) => line.split(/ {2,}/))).toEqual([
      ['Change', 'Rule', 'Tag'],
      ['added', 'café'],
      ['new tag', '#lluvia', 'rain'],
      ['deleted', 'train OR bus', 'ways'],
      ['kept', 'coffee lang:en', 'coffee'],
      [''],
      ['3 changes. The stream goes on; X needs up to 20 seconds to follow.'],
    ]);
    expect(double.rules.changes).toEqual(['dry add', 'dry delete', 'add', 'delete', 'add']);
    expect(values()).toEqual([
      ['coffee lang:en', 'coffee'],
      ['café', undefined],
      ['#lluvia', 'rain'],
    ]);
    expect(double.streamRequests).toHaveLength(0);
  });

  it('changes nothing where X has the rules already', async () => {
    const { lines } = await run('set', RULES);
    expect(lines.at(-1)).toBe('X has these rules already.');
    expect(double.rules.changes).toEqual([]);
  });

  it('changes nothing where X does not take one rule, and shows X’s words', async () => {
    const { lines, exitCode } = await run('set', 'coffee\nhas:links\n(broken\n');
    expect(exitCode).toBe(1);
    expect(lines[0]).toBe('X does not take 2 rules; nothing was changed.');
    expect(lines.find((line) => line.startsWith('has:links'))).toMatch(/at least one positive, non-stopword clause/);
    expect(lines.find((line) => line.startsWith('(broken'))).toMatch(/missing '\)' at '<EOF>'/);
    expect(double.rules.changes).toEqual(['dry add', 'dry delete']);
    expect(values()).toHaveLength(3);
  });

  it('says what stands where X changes its mind between the trial and the change', async () => {
    let posts = 0;
    const { lines, exitCode } = await run('set', 'coffee\n', {
      rules: RULES,
      answer: ({ method, query }) => {
        posts += method === 'POST' ? 1 : 0;
        if (method !== 'POST' || query.get('dry_run') === 'true') return undefined;
        const errors = [{ value: 'coffee', title: 'RulesCapExceeded', detail: 'Rule cap of 3 exceeded.' }];
        return {
          status: 400,
          body: { errors, title: 'Invalid Request', detail: 'One or more parameters was invalid.' },
        };
      },
    });
    expect(exitCode).toBe(1);
    expect(lines[0]).toMatch(/^X does not take 1 rule; some rules were changed/);
    expect(lines.find((line) => line.startsWith('coffee'))).toMatch(/^coffee +Rule cap of 3 exceeded\.$/);
    expect(lines.slice(-4)).toEqual([
      'X does not have this rule now:',
      expect.stringMatching(/^Rule +Tag$/),
      expect.stringMatching(/^coffee *$/),
      'npm run rules -- set FILE goes on from here.',
    ]);
    // Nothing is deleted once adding failed.
    expect(posts).toBe(3);
  });

  it.each([
    [2, 0, [['#lluvia', 'rain']]],
    [3, 1, []],
  ])('adds a rule again that went for its new tag: %i answers fail', async (failures, exitCode, there) => {
    let changes = 0;
    const result = await run('set', [{ value: '#lluvia', tag: 'rain' }], {
      rules: [{ value: '#lluvia' }],
      answer: ({ method, query }) => {
        if (method !== 'POST' || query.get('dry_run') === 'true') return undefined;
        // The first change is that the rule goes.
        const nth = changes++;
        return nth > 0 && nth <= failures ? { status: 503, body: { title: 'Service Unavailable' } } : undefined;
      },
    });
    expect(result.exitCode).toBe(exitCode);
    expect(values()).toEqual(there);
    if (exitCode === 0) return;
    expect(result.lines[0]).toMatch(/^X answered with HTTP 503: Service Unavailable/);
    expect(result.lines.slice(-4).map((line) => line.split(/ {2,}/))).toEqual([
      ['X does not have this rule now:'],
      ['Rule', 'Tag'],
      ['#lluvia', 'rain'],
      ['npm run rules -- set FILE goes on from here.'],
    ]);
  });

  it('is done where only the answer was lost', async () => {
    const { lines, exitCode } = await run('set', [{ value: 'tea' }, ...RULES], {
      rules: RULES,
      answer: ({ method, query }) => {
        if (method !== 'POST' || query.get('dry_run') === 'true') return undefined;
        double.rules.change({ add: [{ value: 'tea' }] }, false);
        return { status: 503, body: { title: 'Service Unavailable' } };
      },
    });
    expect(exitCode).toBe(0);
    expect(lines.at(-1)).toMatch(/^1 change\./);
  });

  it('tests a file by trial alone', async () => {
    const { lines, exitCode } = await run('test', 'coffee lang:en\nnight train\n');
    expect(exitCode).toBe(0);
    expect(lines.map((line) => line.split(/ {2,}/))).toEqual([
      ['Rule', 'Tag', 'X'],
      ['night train', 'takes it'],
      ['coffee lang:en', 'has it already'],
      [''],
      ['X takes these 2 rules. Nothing was changed.'],
    ]);
    expect(double.rules.changes).toEqual(['dry add']);
    await double.close();
    expect((await run('test', '-coffee')).exitCode).toBe(1);
  });

  it('says which of the rules that are set search can refill', async () => {
    const rules = [{ value: 'coffee -is:retweet' }, { value: 'coffee' }, { value: 'tea bio:barista' }];
    const { lines } = await run('test', null, { rules });
    expect(lines[1]).toMatch(/whole$/);
    expect(lines[2]).toMatch(/in part: search gives no retweets for words$/);
    expect(lines[3]).toMatch(/not: search has no operator "bio:"$/);
  });

  it('sets more rules than fit one request', async () => {
    const many = Array.from({ length: 250 }, (_, n) => ({ value: `word${String(n)}`, tag: String(n) }));
    const { lines } = await run('set', many);
    expect(lines.at(-1)).toMatch(/^253 changes/);
    expect(values()).toHaveLength(250);
  });

  it.each([
    [401, { title: 'Unauthorized', detail: 'Unauthorized' }, /^X answered with HTTP 401: Unauthorized$/],
    [429, { title: 'Too Many Requests', detail: 'Too Many Requests' }, /HTTP 429: Too Many Requests$/],
    [503, 'not even an object', /HTTP 503: without a reason$/],
  ])('shows what X answers with HTTP %i', async (status, body, sentence) => {
    const failed = run('list', null, { answer: () => ({ status, body }) });
    await expect(failed).rejects.toThrow(AppError);
    await expect(failed).rejects.toThrow(sentence);
    const error: unknown = await failed.catch((each: unknown) => each);
    expect(JSON.stringify([error, String(error), (error as AppError).cause ?? null])).not.toContain(double.token);
  });

  it('says where X cannot be reached', async () => {
    double = await startXApi();
    const api = new XApi({ apiUrl: readApiUrl(double.url), token: double.token });
    await double.close();
    await expect(runRules({ name: 'list' }, api)).rejects.toThrow(/^X cannot be reached: connect ECONNREFUSED/);
  });

  it('takes no answer that is not as documented', async () => {
    const failed = run('list', null, { answer: () => ({ status: 200, body: { data: [{ id: 7 }] } }) });
    await expect(failed).rejects.toThrow(/something else than its documentation says/);
  });
});

describe('a file of rules', () => {
  const reason = async (text: string): Promise<string> =>
    String(await run('test', text).catch((each: unknown) => each));

  it.each([
    ['', /it holds no rule/],
    ['  \n\r\n', /it holds no rule/],
    ['coffee\n coffee \n', /the rule "coffee" twice/],
    ['[{"value": "coffee"', /it is no JSON/],
    ['[{"value": "coffee"}, {"rule": "tea"}]', /rule 2 is not of the form/],
    ['[{"value": " "}]', /an empty rule/],
    ['[]', /it holds no rule/],
  ])('is refused: %j', async (text, sentence) => expect(await reason(text)).toMatch(sentence));

  it('may hold hashtags, a byte order mark and Windows line ends', async () => {
    const { lines } = await run('test', '\ufeff#coffee\r\n#tea\r\n');
    expect(lines.at(-1)).toBe('X takes these 2 rules. Nothing was changed.');
  });
});

describe('parseRulesArguments', () => {
  it('understands commands, and says what to type instead', async () => {
    double = await startXApi();
    expect(parseRulesArguments(['--help'], '/x')).toBe('help');
    expect(parseRulesArguments(['set', 'a.txt'], '/x')).toEqual({ name: 'set', file: '/x/a.txt' });
    expect(parseRulesArguments(['test'], '/x')).toEqual({ name: 'test', file: null });
    for (const [argv, sentence] of [
      [[], /^No command is given\. .*--help/],
      [['sett', 'a'], /no command "sett"/],
      [['set'], /The command is "set FILE"/],
      [['list', 'a'], /takes no more arguments/],
      [['set', 'a', 'b'], /takes no more arguments/],
      [['list', '--all'], /Unknown option '--all'\. npm run rules/],
    ] as const) {
      expect(() => parseRulesArguments(argv, '/x')).toThrow(sentence);
    }
  });
});
