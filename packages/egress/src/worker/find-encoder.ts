import { createRequire } from 'node:module'

/** Modules of which one holds the encoder for this machine. */
const PLATFORM_SUFFIXES = ['', '-mingw', '-msvc']

/** Whether recordings can be made here. */
export type Readiness = { ok: true } | { ok: false; reason: string }

/**
 * Looks for node-av and its binary without loading them: only recorder processes do that.
 *
 * @param moduleName `node-av/lib`
 */
export function findEncoder(moduleName: string): Readiness {
  const require = createRequire(import.meta.url)
  let nodeAv: string
  try {
    nodeAv = require.resolve(moduleName)
  } catch {
    return {
      ok: false,
      reason: `The encoder for local recordings, the optional dependency ${moduleName.split('/')[0]}, is not installed. Install without --no-optional, or use LiveKit's own Egress.`,
    }
  }
  const fromNodeAv = createRequire(nodeAv)
  const platform = `${process.platform}-${process.arch}`
  const found = PLATFORM_SUFFIXES.some((suffix) => {
    try {
      fromNodeAv.resolve(`@seydx/node-av-${platform}${suffix}/node-av.node`)
      return true
    } catch {
      return false
    }
  })
  if (found) return { ok: true }
  return {
    ok: false,
    reason: `The encoder for local recordings has no build for ${platform}. Use LiveKit's own Egress.`,
  }
}
