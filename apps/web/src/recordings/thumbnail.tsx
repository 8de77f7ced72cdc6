import { isPlayable } from '@roomreel/contracts'
import { Film } from 'lucide-react'
import { useState } from 'react'
import { trpc } from '../api/trpc.ts'
import { classNames } from '../ui/class-names.ts'
import type { ListedRecording } from './listed-recording.ts'
import styles from './thumbnail.module.css'
import { useS3Reach } from './use-s3-reach.ts'

/** ms before its end at which a picture's URL is no longer used again. */
const URL_MARGIN_MS = 60_000

/** A picture of a recording, or a place of the same size. It says nothing that the row doesn't say in words. */
export function Thumbnail({
  recording,
  className,
}: {
  recording: ListedRecording
  className?: string | undefined
}) {
  const { name, thumbnail } = recording
  const { strategy } = useS3Reach()
  const [brokenUrls, setBrokenUrls] = useState<readonly string[]>([])
  // What does not come from S3 may come through the app; what does not come from there either is left blank
  const isProxied = strategy !== undefined || brokenUrls.length > 0
  const { data } = trpc.recordings.thumbnails.useQuery(
    { recordingNames: [name], ...(isProxied && { strategy: 'PROXY' }) },
    {
      enabled: thumbnail !== undefined && isPlayable(recording),
      staleTime: ({ state }) =>
        state.data ? Math.max(0, state.data.expiresAt - state.dataUpdatedAt - URL_MARGIN_MS) : 0,
    },
  )
  const url = data?.thumbnails[0]?.url
  return (
    <div className={classNames(styles['thumbnail'], className)} aria-hidden="true">
      {url !== undefined && !brokenUrls.includes(url) ? (
        <img
          src={url}
          alt=""
          loading="lazy"
          className={styles['picture']}
          onError={() => {
            setBrokenUrls((before) => [...before, url].slice(-2))
          }}
        />
      ) : (
        <Film size={20} />
      )}
    </div>
  )
}
