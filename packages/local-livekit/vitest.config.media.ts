import { isRealWorld } from '@roomreel/real-stack'
import base from '@roomreel/tooling/vitest'
import { configDefaults, defineConfig } from 'vitest/config'

/** Tests with browsers or encoders. */
export const MEDIA_TESTS = ['test/conformance/{av-sync,browser-*,native-meeting,python-meeting}.test.ts']

// Several browsers and encoders at once starve each other on a small machine; where the server is no process of
// Node's, two files leave it enough. They are a group of their own then: all of a group run as many at once
export default defineConfig({
  test: {
    ...base.test,
    name: 'local-livekit media',
    include: MEDIA_TESTS,
    ...(isRealWorld()
      ? { sequence: { groupOrder: 2 } }
      : {
          fileParallelism: false,
          sequence: { groupOrder: 1 },
          // Meets both worlds, with a client that only `npm run test:real` brings
          exclude: [...configDefaults.exclude, 'test/conformance/python-meeting.test.ts'],
        }),
  },
})
