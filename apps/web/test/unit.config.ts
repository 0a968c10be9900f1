import { defineConfig } from 'vitest/config';

// Taken in by `ng test`. A slow machine is no fault: the longest test here takes half a second on a quick one.
export default defineConfig({ test: { testTimeout: 120_000, hookTimeout: 120_000 } });
