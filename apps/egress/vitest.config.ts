import { isRealWorld } from '@roomreel/real-stack'
import base from '@roomreel/tooling/vitest'
import { configDefaults, mergeConfig } from 'vitest/config'

// What only a real livekit-server can show
export default mergeConfig(base, {
  test: { exclude: [...configDefaults.exclude, ...(isRealWorld() ? [] : ['test/real/**'])] },
})
