import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { forPeople, type XAccount } from './account.js';
import type { Disconnection } from './disconnection.js';
import { readProblem, wordsOf, type XProblem } from './problem.js';

const SECOND_MS = 1000;
/** How much of an error's body is read. */
const MAX_ERROR_BYTES = 65_536;

export type OpenedStream = { readonly response: IncomingMessage } | { readonly failure: Disconnection };

/**
 * Connects to a stream. What goes wrong is returned, not thrown.
 * @param path - with its query; never with credentials.
 * @param answerMs - until X has answered.
 */
export async function openStream(
  account: XAccount,
  path: string,
  answerMs: number,
  signal: AbortSignal,
): Promise<OpenedStream> {
  let response: IncomingMessage;
  try {
    response = await answerOf(account, new URL(path, account.apiUrl), answerMs, signal);
  } catch (error) {
    return { failure: { type: 'network', detail: forPeople(networkDetail(error), account) } };
  }
  if (response.statusCode === 200) return { response };
  const problem = await problemOf(response, answerMs);
  return { failure: failureOf(response, problem, account) };
}

function answerOf({ token }: XAccount, url: URL, answerMs: number, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, {
      // A connection of its own, to the address that the name has now.
      agent: false,
      signal,
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'application/json',
        'accept-encoding': 'identity',
        'user-agent': 'twitter-analytica',
      },
    });
    const timer = setTimeout(() => request.destroy(new Error('no answer came')), answerMs);
    request.once('response', (response) => {
      clearTimeout(timer);
      resolve(response);
    });
    request.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    request.end();
  });
}

async function problemOf(response: IncomingMessage, answerMs: number): Promise<XProblem> {
  const timer = setTimeout(() => response.destroy(), answerMs);
  try {
    const parts: Buffer[] = [];
    let bytes = 0;
    for await (const part of response) {
      parts.push(part as Buffer);
      bytes += (part as Buffer).length;
      if (bytes > MAX_ERROR_BYTES) break;
    }
    return readProblem(JSON.parse(Buffer.concat(parts).toString('utf8')));
  } catch {
    return {};
  } finally {
    clearTimeout(timer);
    response.destroy();
  }
}

function failureOf(
  { statusCode, statusMessage, headers }: IncomingMessage,
  problem: XProblem,
  account: XAccount,
): Disconnection {
  const status = statusCode ?? 0;
  const detail = forPeople(`HTTP ${String(status)}: ${wordsOf(problem) ?? statusMessage ?? ''}`, account);
  if (status === 401 || status === 403) return { type: 'refused', status, detail };
  if (status !== 429) return { type: 'http', status, detail };
  const isSpent = Number(headers['x-rate-limit-remaining'] ?? 0) === 0 && problem.connection_issue === undefined;
  const reset = Number(headers['x-rate-limit-reset']);
  const isUsageCap = /usage-capped$/.test(problem.type ?? '');
  return { type: 'rate-limited', resetsAt: isSpent && reset > 0 ? reset * SECOND_MS : null, isUsageCap, detail };
}

function networkDetail(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Of several addresses of a name: what went wrong with the first of them.
  const [first] = error instanceof AggregateError ? (error.errors as readonly unknown[]) : [];
  return first instanceof Error ? first.message : error.message || error.name;
}
