import base from '@roomreel/tooling/vitest'
import { mergeConfig } from 'vitest/config'

// Of tests that run side by side in a file: most of the time they wait for a recorder or for a claim to end
export default mergeConfig(base, { test: { maxConcurrency: 10 } })
