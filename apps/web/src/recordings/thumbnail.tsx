import { isPlayable } from '@roomreel/contracts'
import { Film } from 'lucide-react'
import { useState } from 'react'
import { trpc } from '../api/trpc.ts'
import { classNames } from '../ui/class-names.ts'
import type { ListedRecording } from './listed-recording.ts'
import styles from './thumbnail.module.css'

/** ms for which a picture's URL is used again; it works for an hour. */
const URL_STALE_MS = 45 * 60_000

/** A picture of a recording, or a place of the same size. It says nothing that the row doesn't say in words. */
export function Thumbnail({
  recording,
  className,
}: {
  recording: ListedRecording
  className?: string | undefined
}) {
  const { name, thumbnail } = recording
  const [broken, setBroken] = useState<string>()
  const { data } = trpc.recordings.thumbnails.useQuery(
    { recordingNames: [name] },
    { enabled: thumbnail !== undefined && isPlayable(recording), staleTime: URL_STALE_MS },
  )
  const url = data?.thumbnails[0]?.url
  return (
    <div className={classNames(styles['thumbnail'], className)} aria-hidden="true">
      {url !== undefined && url !== broken ? (
        <img
          src={url}
          alt=""
          loading="lazy"
          className={styles['picture']}
          onError={() => {
            setBroken(url)
          }}
        />
      ) : (
        <Film size={20} />
      )}
    </div>
  )
}
