import { NestFactory } from '@nestjs/core';
import { GraphQLSchemaBuilderModule, GraphQLSchemaFactory } from '@nestjs/graphql';
import { printSchema } from 'graphql';
import { AnalysisResolver, AnalysisResultResolver } from '../analyses/analysis-resolver.js';
import { EngineResolver } from '../analyses/engine-resolver.js';
import { PostsResolver } from '../analyses/posts-resolver.js';
import { CaptureResolver } from '../capture/capture-resolver.js';

/** Every resolver of the API: what the schema is made of. */
export const RESOLVERS = [
  AnalysisResolver,
  AnalysisResultResolver,
  PostsResolver,
  EngineResolver,
  CaptureResolver,
] as const;

const HEADER = '# Generated from the code by `npm run schema` in apps/api. Do not edit.\n\n';

/** The schema as text, as it is committed in schema.graphql. Starts nothing. */
export async function schemaText(): Promise<string> {
  const app = await NestFactory.createApplicationContext(GraphQLSchemaBuilderModule, { logger: false });
  const schema = await app.get(GraphQLSchemaFactory).create([...RESOLVERS]);
  await app.close();
  return `${HEADER}${printSchema(schema)}\n`;
}
