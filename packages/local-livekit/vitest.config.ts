import { mergeConfig } from 'vitest/config'
import base from '@roomreel/tooling/vitest'

// Several browsers and encoders at once starve each other on a small machine
export default mergeConfig(base, { test: { fileParallelism: false, sequence: { groupOrder: 1 } } })
