import { LAST_ID_WITHOUT_TIME, SNOWFLAKE_EPOCH_MS, SNOWFLAKE_TIME_SHIFT } from '@analytica/domain';
import {
  FACTS_COLUMN,
  FACTS_FIELDS,
  FIELD_SEPARATOR,
  ITEM_SEPARATOR,
  TOKEN_SEPARATOR,
  WORDS_ARE_IN_TERMS,
} from './facts-form.js';

/** The form of `facts` as a module of Python, for readers on a cluster. */
export function pythonFactsForm(): string {
  return `"""The form of the lake's column of facts (docs/adr/0003). Written by libs/lake/src/facts/python-form.ts; not to be edited."""
COLUMN = ${literal(FACTS_COLUMN.name)}
FIELDS = (
${FACTS_FIELDS.map((name) => `    ${literal(name)},\n`).join('')})
FIELD_SEPARATOR = ${literal(FIELD_SEPARATOR)}
ITEM_SEPARATOR = ${literal(ITEM_SEPARATOR)}
TOKEN_SEPARATOR = ${literal(TOKEN_SEPARATOR)}
WORDS_ARE_IN_TERMS = ${literal(WORDS_ARE_IN_TERMS)}
SNOWFLAKE_EPOCH_MS = ${String(SNOWFLAKE_EPOCH_MS)}
SNOWFLAKE_TIME_SHIFT = ${String(SNOWFLAKE_TIME_SHIFT)}
LAST_ID_WITHOUT_TIME = ${String(LAST_ID_WITHOUT_TIME)}
`;
}

/** A text of ASCII as Python writes it. */
function literal(text: string): string {
  const escaped = Array.from(text, (character) =>
    character < ' ' ? `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}` : character,
  );
  return `'${escaped.join('')}'`;
}
