import { setTimeout as sleep } from 'node:timers/promises';
import { url } from './browser.ts';
import { STATE_TIMEOUT_MS } from './timeouts.ts';

// Questions of other people, sent to the API directly.

interface Reply {
  readonly data?: { readonly startAnalysis?: { readonly analysis: { readonly id: string } | null } } | null;
  readonly errors?: readonly unknown[];
}

async function graphql(query: string, variables: object): Promise<Reply> {
  const response = await fetch(url('/graphql'), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  return (await response.json()) as Reply;
}

/** Resolves to the id of the analysis. While the server is too busy, the question is asked again under the same key. */
export async function startByApi(topic: string): Promise<string> {
  const input = {
    topic,
    interval: { preset: 'LAST_7_DAYS' },
    timeZone: 'UTC',
    idempotencyKey: crypto.randomUUID(),
  };
  const until = Date.now() + STATE_TIMEOUT_MS;
  for (;;) {
    const body = await graphql(
      'mutation ($input: StartAnalysisInput!) { startAnalysis(input: $input) { analysis { id } userErrors { message } } }',
      { input },
    );
    const id = body.data?.startAnalysis?.analysis?.id;
    if (id !== undefined) return id;
    if (!JSON.stringify(body).includes('QUEUE_UNAVAILABLE') || Date.now() > until)
      throw new Error(`Not asked: ${JSON.stringify(body)}`);
    await sleep(500);
  }
}

export async function cancelByApi(id: string): Promise<void> {
  await graphql('mutation ($id: ID!) { cancelAnalysis(id: $id) { analysis { id } } }', { id });
}
