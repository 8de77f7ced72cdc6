import { defineConfig } from 'vitest/config'

/**
 * What every package's tests share: sources only (never `dist`), and time enough for real servers
 * to start on a busy two-core machine. Tests wait for conditions, so a generous limit costs nothing.
 */
export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'src/**/*.test.tsx', 'test/**/*.test.ts'],
    testTimeout: 240_000,
    hookTimeout: 120_000,
    teardownTimeout: 10_000,
  },
})
