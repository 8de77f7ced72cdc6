import base from '@roomreel/tooling/vitest'
import { configDefaults, mergeConfig } from 'vitest/config'
import { MEDIA_TESTS } from './vitest.config.media.ts'

export default mergeConfig(base, { test: { exclude: [...configDefaults.exclude, ...MEDIA_TESTS] } })
