import { z } from 'zod';

/** What X says beside an error; every part may be missing. `value` is the rule or the parameter that it is about. */
const errorSchema = z.object({
  title: z.string().optional().catch(undefined),
  detail: z.string().optional().catch(undefined),
  details: z.array(z.string()).optional().catch(undefined),
  message: z.string().optional().catch(undefined),
  type: z.string().optional().catch(undefined),
  value: z.string().optional().catch(undefined),
});
export type XError = z.output<typeof errorSchema>;

const problemSchema = errorSchema.extend({
  connection_issue: z.string().optional().catch(undefined),
  errors: z.array(errorSchema).optional().catch(undefined),
});
export type XProblem = z.output<typeof problemSchema>;

/** What the body of an answer says went wrong; nothing where it says nothing that can be understood. */
export function readProblem(body: unknown): XProblem {
  return problemSchema.safeParse(body).data ?? {};
}

/** X's own words, the most telling ones first; null where there are none. */
export function wordsOf({ errors, ...problem }: XProblem): string | null {
  const [first] = errors ?? [];
  const inner = first === undefined ? null : ownWords(first);
  // "One or more parameters to your request was invalid" says less than the parameter's own message.
  return inner ?? ownWords(problem);
}

function ownWords({ detail, details, message, title }: XError): string | null {
  return details?.[0] ?? message ?? detail ?? title ?? null;
}
