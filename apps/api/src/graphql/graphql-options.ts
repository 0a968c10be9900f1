import type { ApolloDriverConfig } from '@nestjs/apollo';
import { ApolloDriver } from '@nestjs/apollo';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import type { Config } from '../config.js';
import type { Log } from '../log.js';
import { formatGraphqlError } from './errors.js';
import { documentLimits, MAX_TOKENS } from './limits.js';

export const GRAPHQL_PATH = '/graphql';

/** How Apollo behaves: limits before execution, masked errors, CSRF prevention, no landing page, no stack traces. */
export function graphqlOptions(config: Config, log: Log): ApolloDriverConfig {
  return {
    driver: ApolloDriver,
    path: GRAPHQL_PATH,
    autoSchemaFile: true,
    graphiql: false,
    introspection: config.http.introspection,
    csrfPrevention: true,
    includeStacktraceInErrorResponses: false,
    allowBatchedHttpRequests: false,
    stopOnTerminationSignals: false,
    validationRules: [documentLimits],
    parseOptions: { maxTokens: MAX_TOKENS },
    persistedQueries: false,
    plugins: [ApolloServerPluginLandingPageDisabled()],
    formatError: (formatted, error) => formatGraphqlError(formatted, error, log),
  };
}
