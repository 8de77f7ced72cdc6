import base from '@roomreel/tooling/vitest'
import { mergeConfig } from 'vitest/config'

// Each of these tests encodes video in real time: side by side they would starve each other
export default mergeConfig(base, { test: { fileParallelism: false, sequence: { groupOrder: 1 } } })
