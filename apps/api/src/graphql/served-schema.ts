import { buildClientSchema, getIntrospectionQuery, type IntrospectionQuery, printSchema } from 'graphql';
import { GRAPHQL_PATH } from './graphql-options.js';

const HEADER = '# What the running API serves, written by `npm run schema` in apps/api. Do not edit.\n\n';

/**
 * The schema of a running server as text, as it is committed in schema.graphql.
 * @param url of the server; it must allow introspection.
 */
export async function servedSchema(url: string): Promise<string> {
  const response = await fetch(`${url}${GRAPHQL_PATH}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: getIntrospectionQuery({ specifiedByUrl: true, inputValueDeprecation: true }) }),
  });
  const { data } = (await response.json()) as { data?: IntrospectionQuery };
  if (data === undefined) throw new Error(`The server answers ${String(response.status)} to introspection.`);
  return `${HEADER}${printSchema(buildClientSchema(data))}\n`;
}
