import base from '@roomreel/tooling/vitest'
import { mergeConfig } from 'vitest/config'

export default mergeConfig(base, { test: { include: ['build/**/*.test.ts'] } })
