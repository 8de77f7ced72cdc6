import { mergeConfig } from 'vitest/config'
import { isRealWorld } from '@roomreel/real-stack'
import base from '@roomreel/tooling/vitest'

// Several browsers and encoders at once starve each other on a small machine; where the server is no process of
// Node's, two files leave it enough
export default mergeConfig(base, { test: { fileParallelism: isRealWorld(), sequence: { groupOrder: 1 } } })
