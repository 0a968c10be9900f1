import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import angular from 'angular-eslint';
import prettier from 'eslint-config-prettier';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import importX from 'eslint-plugin-import-x';
import { defineConfig, globalIgnores } from 'eslint/config';
import ts from 'typescript-eslint';

// The import rules of the house. Layers: apps -> engine -> lake, livy, spark-templates; lake -> domain; data never flows back up.
// A project without one of these tags may not import any library at all (the Nx rule says so itself).
const SERVER_ONLY = ['@nestjs/*', '@apollo/*', 'fastify'];
const STORAGE = ['@duckdb/*', '@aws-sdk/*'];
const QUEUE = ['bullmq', 'ioredis'];
const layers = [
  {
    sourceTag: 'layer:domain',
    onlyDependOnLibsWithTags: ['layer:domain'],
    bannedExternalImports: [...SERVER_ONLY, ...STORAGE, ...QUEUE, '@angular/*'],
  },
  {
    sourceTag: 'layer:lake',
    onlyDependOnLibsWithTags: ['layer:domain'],
    bannedExternalImports: [...SERVER_ONLY, ...QUEUE, '@angular/*'],
  },
  {
    // Published by itself: it rests on no library of ours. Its Redis store is a sub-path, see below.
    sourceTag: 'layer:livy',
    onlyDependOnLibsWithTags: [],
    bannedExternalImports: [...SERVER_ONLY, ...STORAGE, 'bullmq', '@angular/*'],
  },
  {
    // Programs and their parameters: knows nothing of what asks for them.
    sourceTag: 'layer:spark-templates',
    onlyDependOnLibsWithTags: [],
    bannedExternalImports: [...SERVER_ONLY, ...STORAGE, ...QUEUE, '@angular/*'],
  },
  {
    sourceTag: 'layer:engine',
    onlyDependOnLibsWithTags: ['layer:domain', 'layer:lake', 'layer:livy', 'layer:spark-templates'],
    bannedExternalImports: [...SERVER_ONLY, ...QUEUE, '@angular/*'],
  },
  {
    sourceTag: 'app:api',
    onlyDependOnLibsWithTags: ['layer:domain', 'layer:lake', 'layer:livy', 'layer:engine'],
    bannedExternalImports: [...STORAGE, '@angular/*'],
  },
  {
    sourceTag: 'app:ingestor',
    onlyDependOnLibsWithTags: ['layer:domain', 'layer:lake'],
    bannedExternalImports: [...SERVER_ONLY, ...STORAGE, '@angular/*'],
  },
  {
    sourceTag: 'app:web',
    onlyDependOnLibsWithTags: ['layer:domain'],
    bannedExternalImports: ['@nestjs/*', '@apollo/server', ...STORAGE, ...QUEUE],
  },
];

const noEnvironment = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: 'The environment is read in config.ts alone: take the value from the configuration.',
};
const noEngine = {
  group: [
    '**/worker/*',
    '@analytica/engine/duckdb',
    '@analytica/engine/spark',
    '@analytica/engine/conformance',
    '@analytica/livy',
    '@analytica/livy/*',
  ],
  message: 'HTTP-side files only enqueue and read.',
};
const noGraphql = {
  group: [
    'graphql',
    'graphql-ws',
    'graphql-ws/*',
    '@nestjs/graphql',
    '@nestjs/apollo',
    '@apollo/*',
    '**/graphql/*',
    '**/analyses/*',
  ],
  message: 'GraphQL belongs to the HTTP side: apps/api/src/graphql and analyses.',
};
const noHttpSide = {
  ...noGraphql,
  group: [...noGraphql.group, '**/http/*', '**/capture/*', 'fastify', '@nestjs/platform-fastify'],
};
const noPrivateKeyword = [
  "MethodDefinition[accessibility='private'][kind!='constructor']",
  "PropertyDefinition[accessibility='private']",
  "TSParameterProperty[accessibility='private']",
].map((selector) => ({ selector, message: 'Private members are written with #: they are private at run time, too.' }));
const noDefaultExport = { selector: 'ExportDefaultDeclaration', message: 'Name what you export.' };

// Files that no image needs: they may import devDependencies. The patterns hold in whatever folder lint runs.
const NOT_SHIPPED = [
  '**/*.spec.ts',
  '**/*.config.ts',
  '**/vitest.shared.ts',
  '**/codegen.ts',
  '**/test/**',
  '**/testing/**',
  '**/testing.ts',
  '**/contract/**',
  '**/libs/engine/src/conformance/**',
  '**/scripts/import-rules.check.ts',
  '**/tools/**',
];

export default defineConfig(
  globalIgnores(['**/dist', '**/out-tsc', '**/generated', '.nx', '**/.angular', '**/tmp', '**/test-output']),
  {
    files: ['**/*.ts'],
    extends: [js.configs.recommended, ts.configs.strictTypeChecked, prettier],
    plugins: { '@nx': nx, 'import-x': importX },
    settings: {
      'import-x/extensions': ['.ts'],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts'] },
      'import-x/resolver-next': [createTypeScriptImportResolver({ conditionNames: ['@analytica/source', 'import'] })],
    },
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['apps/web/codegen.ts'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        {
          enforceBuildableLibDependency: true,
          // The browser suite starts the whole product.
          allow: ['../../vitest.shared.js', '../../../scripts/test/stack.ts'],
          depConstraints: layers,
        },
      ],
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      // By the package.json that is nearest to the file.
      'import-x/no-extraneous-dependencies': ['error', { includeTypes: true, devDependencies: NOT_SHIPPED }],
      'no-restricted-syntax': ['error', noEnvironment, noDefaultExport, ...noPrivateKeyword],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  // Nest resolves injected classes and GraphQL types by their run-time value: an inline `type` import would break them.
  { files: ['apps/api/**/*.ts'], rules: { '@typescript-eslint/consistent-type-imports': 'off' } },
  {
    files: ['libs/domain/src/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: {
      'no-restricted-imports': ['error', { patterns: [{ group: ['node:*'], message: 'The domain is pure: no I/O.' }] }],
    },
  },
  {
    files: ['libs/livy/src/**/*.ts'],
    ignores: ['libs/livy/src/redis/**', '**/*.spec.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: [
            { name: 'ioredis', message: 'Redis is optional: only the lease store of the sub-path ./redis uses it.' },
          ],
          patterns: [{ group: ['**/redis/*'], message: 'The Redis lease store is a sub-path of its own.' }],
        },
      ],
    },
  },
  {
    // What serves HTTP must not be able to run an analysis: that is the worker's.
    files: ['apps/api/src/**/*.ts'],
    ignores: ['**/*.spec.ts', 'apps/api/src/worker.ts', 'apps/api/src/worker/**'],
    rules: { 'no-restricted-imports': ['error', { patterns: [noEngine] }] },
  },
  {
    // What both processes share knows neither side: no GraphQL, nothing of HTTP, no engine.
    files: ['runs', 'redis', 'lake'].map((room) => `apps/api/src/${room}/**/*.ts`),
    ignores: ['**/*.spec.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: [noEngine, noHttpSide] }] },
  },
  {
    files: ['apps/api/src/worker.ts', 'apps/api/src/worker/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: [noGraphql] }] },
  },
  {
    files: [
      '**/config.ts',
      '**/*.config.ts',
      '**/codegen.ts',
      '**/*.spec.ts',
      'apps/*/test/**/*.ts',
      'scripts/**/*.ts',
      'tools/**/*.ts',
    ],
    rules: { 'no-restricted-syntax': ['error', ...noPrivateKeyword] },
  },
  { files: ['apps/web/**/*.ts'], extends: [angular.configs.tsRecommended], processor: angular.processInlineTemplates },
  {
    files: ['apps/web/**/*.html'],
    extends: [angular.configs.templateRecommended, angular.configs.templateAccessibility],
  },
);
