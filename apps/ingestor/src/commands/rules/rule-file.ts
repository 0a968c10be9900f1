import { readFile } from 'node:fs/promises';
import { AppError } from '@analytica/domain';
import { z } from 'zod';
import type { XRuleText } from '../../sources/x/x-api.js';

const rulesSchema = z.array(
  z.union([
    z.string().transform((value) => ({ value, tag: null })),
    z.strictObject({ value: z.string(), tag: z.string().nullable().default(null) }),
  ]),
);

/**
 * The rules in a file: one a line, or JSON, `[{"value": "coffee lang:en", "tag": "coffee"}]`.
 * @throws AppError `CONFIG_INVALID` with a sentence that names the file.
 */
export async function readRuleFile(path: string): Promise<readonly XRuleText[]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw invalid(path, `it cannot be read (${code})`);
  }
  const rules = parseRules(text, path).map(({ value, tag }) => ({ value: value.trim(), tag }));
  if (rules.length === 0) throw invalid(path, 'it holds no rule');
  const values = new Set<string>();
  for (const { value } of rules) {
    if (value === '') throw invalid(path, 'it holds an empty rule');
    if (values.has(value)) throw invalid(path, `it holds the rule "${value}" twice`);
    values.add(value);
  }
  return rules;
}

function parseRules(text: string, path: string): readonly XRuleText[] {
  const bare = text.replace(/^\ufeff/, '');
  if (!/^\s*\[/.test(bare)) {
    const lines = bare.split(/\r?\n/).filter((line) => line.trim() !== '');
    return lines.map((value) => ({ value, tag: null }));
  }
  let json: unknown;
  try {
    json = JSON.parse(bare);
  } catch (error) {
    throw invalid(path, `it is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const parsed = rulesSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const at = Number(parsed.error.issues[0]?.path[0] ?? 0) + 1;
  throw invalid(path, `rule ${String(at)} is not of the form {"value": "…", "tag": "…"}`);
}

function invalid(path: string, reason: string): AppError {
  return new AppError('CONFIG_INVALID', `The rules in ${path} cannot be used: ${reason}.`);
}
