import { LivyError } from './errors.js';
import { type Reply } from './transport.js';

/** What a refusal says: `{"msg"}` of JSON, or the bare text of an HTML page, at most 500 characters. */
export function refusalText(body: string): string {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed === 'string') return parsed.slice(0, 500);
    if (typeof parsed === 'object' && parsed !== null && 'msg' in parsed && typeof parsed.msg === 'string') {
      return parsed.msg.slice(0, 500);
    }
  } catch {
    // not JSON: an HTML page of the servlet container or a proxy
  }
  return body
    .replace(/<(style|script)[\s\S]*?<\/\1>/gi, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 500);
}

/** Turns a reply that is no success into the error it means. The patterns are texts that Livy 0.8 and 0.9 send. */
export function refusal(what: string, reply: Reply): LivyError {
  const text = refusalText(reply.body);
  const { status } = reply;
  const make = (code: LivyError['code']): LivyError =>
    new LivyError(code, `${what}: ${String(status)} ${text === '' ? 'without a body' : text}`, { status });
  if (status === 401 || status === 403) return make('AUTH');
  if (status === 404) {
    if (/statement/i.test(text)) return make('STATEMENT_NOT_FOUND');
    return make(/session/i.test(text) ? 'SESSION_NOT_FOUND' : 'HTTP');
  }
  if (/Duplicate session name/i.test(text)) return make('DUPLICATE_NAME');
  if (/too many sessions are being created/i.test(text)) return make('TOO_MANY_CREATING');
  if (/Session is in state (not_started|starting|recovering)/i.test(text)) return make('SESSION_NOT_READY');
  if (/Session is in state|Session isn't active|RPC channel is closed|CancellationException/i.test(text)) {
    return make('SESSION_DEAD');
  }
  return make('HTTP');
}
