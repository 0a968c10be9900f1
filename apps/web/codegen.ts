import type { CodegenConfig } from '@graphql-codegen/cli';

const config: CodegenConfig = {
  schema: '../api/schema.graphql',
  documents: ['src/app/data/*.graphql'],
  generates: {
    'src/app/data/generated/graphql.ts': {
      plugins: ['typescript-operations', 'typed-document-node'],
      config: {
        useTypeImports: true,
        enumType: 'string-literal',
        enumsAsTypes: true,
        skipTypename: true,
        avoidOptionals: { field: true },
        strictScalars: true,
        scalars: { DateTime: 'string' },
        documentMode: 'documentNode',
        inlineFragmentTypes: 'combine',
      },
    },
  },
};
export default config;
