import { defineConfig } from 'vitest/config'

/** All packages' tests in one run; each package has its own config, which this one only gathers. */
export default defineConfig({
  test: {
    projects: ['packages/!(tooling)', 'apps/{server,web,bench}'],
    // Real servers, browsers and encoders share the machine: one file at a time keeps them from starving each other
    fileParallelism: false,
  },
})
