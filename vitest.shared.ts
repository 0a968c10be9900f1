import { type ViteUserConfig } from 'vitest/config';

/** What every Node project's tests share: sources instead of builds, and for `npm test` a JSON report that is counted at the end. */
export function nodeProject(name: string): ViteUserConfig {
  const reports = process.env['TEST_REPORTS'];
  return {
    ssr: { resolve: { conditions: ['@analytica/source'] } },
    test: {
      include: ['src/**/*.spec.ts', 'test/**/*.spec.ts'],
      environment: 'node',
      // A slow machine is no fault: what is waited for comes, or never does.
      testTimeout: 180_000,
      hookTimeout: 180_000,
      expect: { poll: { timeout: 60_000, interval: 50 } },
      reporters: reports === undefined ? ['default'] : ['default', 'json'],
      ...(reports === undefined ? {} : { outputFile: { json: `${reports}/${name}.json` } }),
    },
  };
}
