import type { PlaybackInput } from '@roomreel/contracts'
import { createContext, use, useSyncExternalStore } from 'react'
import { createS3Reach, type S3Reach } from './s3-reach.ts'

export const S3ReachContext = createContext<S3Reach>(createS3Reach())

/** What is known about S3, and what to ask of the server because of it. */
export function useS3Reach(): { reach: S3Reach; strategy: PlaybackInput['strategy'] } {
  const reach = use(S3ReachContext)
  const isOutOfReach = useSyncExternalStore(reach.subscribe, reach.isOutOfReach)
  return { reach, strategy: isOutOfReach ? 'PROXY' : undefined }
}
