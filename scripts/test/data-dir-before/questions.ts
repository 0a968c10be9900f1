import { createHash } from 'node:crypto';

/** What is asked of a program over the fixture, and of the one that made it: only what GraphQL gives both. */
export interface Question {
  readonly topic: string;
  readonly from: string;
  readonly to: string;
  readonly timeZone?: string;
}

export const REPLAY_QUESTIONS: readonly Question[] = [
  { topic: 'the', from: '2026-03-01T00:00:00Z', to: '2026-03-12T00:00:00Z' },
  { topic: 'the OR de OR blue', from: '2026-03-10T06:00:00Z', to: '2026-03-10T09:17:00Z', timeZone: 'Asia/Kolkata' },
  { topic: '#news OR sky OR NOT the a', from: '2026-03-01T00:00:00Z', to: '2026-03-12T00:00:00Z' },
];

/** An interval that the demo had filled when it was killed lies in it, and one that it fills after that. */
export const DEMO_QUESTIONS: readonly Question[] = [
  { topic: 'the OR de OR en', from: '2026-03-04T13:00:00Z', to: '2026-03-11T13:00:00Z', timeZone: 'Europe/Vienna' },
];

const LIST = '{ entries { key label posts uses authors source } distinct postsWith }';
const RESULT = `{ posts retweets replies quotes authors words topHashtags ${LIST} topWords ${LIST} topMentions ${LIST}
  topAuthors ${LIST} topDomains ${LIST} volume { bucket buckets { from to posts retweets replies quotes } }
  peakHours { posts coveredHours } }`;
const POST = `{ id source createdAt text lang authorId authorUsername hashtags mentions urls retweetOf quoteOf replyTo
  retweetCount likeCount url }`;

async function ask(url: string, query: string, variables: object): Promise<unknown> {
  const response = await fetch(new URL('graphql', url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as { data?: unknown; errors?: unknown };
  if (data === undefined || errors !== undefined) throw new Error(JSON.stringify(errors));
  return data;
}

/** Figures as they are; lists, charts and posts as hashes. */
function shortened(answer: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(answer).map(([name, value]) => [
      name,
      typeof value === 'number' ? value : createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16),
    ]),
  );
}

/** The answers of the API at `url`, one for each question. */
export async function answersOf(url: string, questions: readonly Question[]): Promise<unknown[]> {
  const answers: unknown[] = [];
  for (const { topic, from, to, timeZone = 'UTC' } of questions) {
    const started = (await ask(
      url,
      `mutation ($topic: String!, $from: DateTime!, $to: DateTime!, $timeZone: String!) {
        startAnalysis(input: { topic: $topic, interval: { from: $from, to: $to }, timeZone: $timeZone }) {
          analysis { id } userErrors { message } } }`,
      { topic, from, to, timeZone },
    )) as { startAnalysis: { analysis: { id: string } | null } };
    const id = started.startAnalysis.analysis?.id;
    if (id === undefined) throw new Error(JSON.stringify(started));
    for (;;) {
      const { analysis } = (await ask(url, `query ($id: ID!) { analysis(id: $id) { status result ${RESULT} } }`, {
        id,
      })) as { analysis: { status: string; result: object } };
      if (analysis.status === 'FAILED') throw new Error(`${topic} failed`);
      if (analysis.status === 'SUCCEEDED') {
        const posts = (order: string) =>
          ask(
            url,
            `query ($id: ID!) { posts(analysisId: $id, order: ${order}, first: 30) {
              edges { node ${POST} capturedRetweets reportedRetweets } totalCount } }`,
            { id },
          );
        answers.push(
          shortened({ ...analysis.result, newest: await posts('NEWEST'), retweeted: await posts('MOST_RETWEETED') }),
        );
        break;
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  return answers;
}
