import { type ViteUserConfig } from 'vitest/config';

/** What every Node project's tests share: sources instead of builds, and for `npm test` a JSON report that is counted at the end. */
export function nodeProject(name: string): ViteUserConfig {
  const reports = process.env['TEST_REPORTS'];
  return {
    ssr: { resolve: { conditions: ['@analytica/source'] } },
    test: {
      include: ['src/**/*.spec.ts', 'test/**/*.spec.ts'],
      environment: 'node',
      testTimeout: 30_000,
      hookTimeout: 60_000,
      reporters: reports === undefined ? ['default'] : ['default', 'json'],
      ...(reports === undefined ? {} : { outputFile: { json: `${reports}/${name}.json` } }),
    },
  };
}
