import base from '@roomreel/tooling/vitest'
import { isRealWorld } from '@roomreel/real-stack'
import { configDefaults, mergeConfig } from 'vitest/config'

// Each of these tests encodes video in real time: side by side they would starve each other
export default mergeConfig(base, {
  test: {
    fileParallelism: false,
    sequence: { groupOrder: 1 },
    // What only a real livekit-server can show
    exclude: [...configDefaults.exclude, ...(isRealWorld() ? [] : ['test/real/**'])],
  },
})
