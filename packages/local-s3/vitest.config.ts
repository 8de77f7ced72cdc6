import base from '@roomreel/tooling/vitest'
import { isRealWorld } from '@roomreel/real-stack'
import { configDefaults, mergeConfig } from 'vitest/config'

export default mergeConfig(base, {
  test: {
    // Asks both S3s, with a client that only `npm run test:real` brings
    exclude: [...configDefaults.exclude, ...(isRealWorld() ? [] : ['test/conformance/boto3/**'])],
  },
})
