import { isRealWorld } from '@roomreel/real-stack'
import base from '@roomreel/tooling/vitest'
import { configDefaults, defineConfig } from 'vitest/config'

/** Tests that encode video in real time. */
export const MEDIA_TESTS = ['test/**/*.test.ts']

// Side by side they would starve each other
export default defineConfig({
  test: {
    ...base.test,
    name: 'egress media',
    include: MEDIA_TESTS,
    fileParallelism: false,
    sequence: { groupOrder: 1 },
    // What only a real livekit-server can show
    exclude: [...configDefaults.exclude, ...(isRealWorld() ? [] : ['test/real/**'])],
  },
})
