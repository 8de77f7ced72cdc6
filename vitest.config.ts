import { defineConfig } from 'vitest/config'

/** All packages' tests in one run; each package has its own configs, which this one only gathers. */
export default defineConfig({
  test: {
    projects: ['packages/!(tooling)', 'packages/*/vitest.config.media.ts', 'apps/{server,egress,web,bench}'],
    // Most files wait for servers rather than for the processor
    maxWorkers: 2,
  },
})
