import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lakeUsage, parseLakeArguments } from './arguments.js';
import type { LakeCommand } from './lake-command.js';

const command = (name: string, args: readonly string[], acceptsDryRun: boolean): LakeCommand => ({
  name,
  arguments: args,
  acceptsDryRun,
  summary: `does ${name}`,
  run: () => Promise.resolve({ lines: [], json: {}, exitCode: 0 }),
});
const commands = [command('look', [], false), command('take', ['NAME'], true)];
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'arguments-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function makeLake(name: string): Promise<string> {
  await mkdir(join(folder, 'data', name), { recursive: true });
  await writeFile(join(folder, 'data', name, 'manifest.json'), '{}');
  return join(folder, 'data', name);
}

const parse = (argv: readonly string[], env: { dataDir?: string; lake?: string } = { dataDir: 'data' }) =>
  parseLakeArguments(argv, { dataDir: env.dataDir, lake: env.lake, typedIn: folder }, commands);

describe('npm run lake', () => {
  it('takes the only lake of the data folder, relative to where the command was typed', async () => {
    const root = await makeLake('demo');
    expect(parse(['look'])).toMatchObject({ location: { root }, arguments: [], dryRun: false, json: false });
  });

  it('lets an option win over the environment', async () => {
    await makeLake('demo');
    const root = await makeLake('other');
    expect(parse(['look', '--lake', 'other'], { dataDir: 'data', lake: 'demo' })).toMatchObject({ location: { root } });
    expect(parse(['look', '--data-dir', 'data', '--lake=other'], { dataDir: 'elsewhere' })).toMatchObject({
      location: { root },
    });
    expect(parse(['look', '--lake', './data/other'])).toMatchObject({ location: { root } });
  });

  it('passes arguments, --dry-run and --json on', async () => {
    await makeLake('lake');
    expect(parse(['take', 'june', '--dry-run', '--json'])).toMatchObject({
      command: { name: 'take' },
      arguments: ['june'],
      dryRun: true,
      json: true,
    });
  });

  it.each([
    [[], /^No command is given\. npm run lake -- --help lists the commands\.$/],
    [['drink'], /^There is no command "drink"\./],
    [['take'], /^The command is "take NAME"\./],
    [['look', 'june'], /^The command is "look"\./],
    [['look', '--dry-run'], /^"look" has no --dry-run\./],
    [['look', '--fast'], /--fast/],
    [['look', '--lake', 'none'], /^There is no lake in .*none\./],
    [['look', '--lake', 's3://bucket'], /^LAKE is "s3:\/\/bucket"/],
  ])('refuses %j in one sentence', async (argv, message) => {
    await makeLake('lake');
    expect(() => parse(argv)).toThrow(message);
  });

  it('asks which of two lakes is meant', async () => {
    await makeLake('lake');
    await makeLake('demo');
    expect(() => parse(['look'])).toThrow(/two lakes .*--lake demo or --lake lake/);
  });

  it('lists every command', () => {
    expect(parse(['--help'])).toBe('help');
    const text = lakeUsage(commands);
    expect(text).toMatch(/ {2}look +does look\n/);
    expect(text).toMatch(/ {2}take NAME +does take \[--dry-run\]\n/);
  });
});
