import type { RecordingInfo } from '@roomreel/contracts'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import { useCallback } from 'react'
import { explainError } from '../api/explain-error.ts'
import messageStyles from '../app/message-page.module.css'
import { CheckNotice } from '../recordings/check-notice.tsx'
import { formatMoment, formatMomentInFull } from '../recordings/format-moment.ts'
import { saveFile } from '../recordings/save-file.ts'
import { useS3Reach } from '../recordings/use-s3-reach.ts'
import { Button } from '../ui/button.tsx'
import { useToast } from '../ui/toast-context.ts'
import { useDocumentTitle } from '../ui/use-document-title.ts'
import { useNow } from '../ui/use-now.ts'
import { Player } from './player.tsx'
import actionStyles from './player-actions.module.css'
import styles from './player-page.module.css'
import { RecordingHeading } from './recording-heading.tsx'
import type { ShareVisit } from './share-visit.ts'
import { startTime } from './start-time.ts'
import { useShareVisit } from './use-share-visit.ts'

const MINUTE_MS = 60_000

/** What a share link opens: one recording, without a login. */
export function SharePage({ linkId }: { linkId: string | undefined }) {
  const visit = useShareVisit(linkId)
  const opened = useQuery({
    queryKey: ['shared recording', linkId],
    queryFn: () => visit.load({}),
    staleTime: Infinity,
  })
  const load = useCallback(
    (isProxied: boolean) => visit.load({ ...(isProxied && { strategy: 'PROXY' }) }),
    [visit],
  )
  useDocumentTitle(opened.data?.recording.roomName ?? 'Shared recording')
  if (opened.error) {
    const { message, code, isTransient } = explainError(opened.error)
    return (
      <main className={messageStyles['page']}>
        <h1>{titleFor(code)}</h1>
        <p>{message}</p>
        {(isTransient || code === 'CONFLICT') && (
          <Button
            variant="primary"
            isBusy={opened.isFetching}
            onClick={() => {
              void opened.refetch()
            }}
          >
            Try again
          </Button>
        )}
      </main>
    )
  }
  if (!opened.data) {
    return (
      <main className={styles['page']} aria-busy="true">
        <div className={styles['skeleton']} />
      </main>
    )
  }
  const { recording, mayDownload, linkExpiresAt } = opened.data
  return (
    <main className={styles['page']}>
      <RecordingHeading recording={recording} />
      <LinkEnd at={linkExpiresAt} />
      <CheckNotice recording={recording} />
      <Player
        recording={recording}
        load={load}
        startAt={startTime(window.location.search)}
        mayDownload={mayDownload}
      />
      {mayDownload && <SharedDownload recording={recording} visit={visit} />}
    </main>
  )
}

/** @param at ms since the epoch */
function LinkEnd({ at }: { at: number }) {
  const now = useNow(MINUTE_MS)
  return (
    <p className={styles['name']}>
      Shared with you until{' '}
      <time dateTime={new Date(at).toISOString()} title={formatMomentInFull(at)}>
        {formatMoment(at, now)}
      </time>
    </p>
  )
}

function SharedDownload({ recording, visit }: { recording: RecordingInfo; visit: ShareVisit }) {
  const showToast = useToast()
  const { strategy } = useS3Reach()
  const download = useMutation({
    mutationFn: async () => {
      const { url } = await visit.load({ download: true, ...(strategy && { strategy }) })
      saveFile(url, recording.name)
    },
    onError: (error) => {
      showToast(explainError(error).message, { tone: 'problem' })
    },
  })
  return (
    <div className={actionStyles['actions']}>
      <Button
        size="small"
        isBusy={download.isPending}
        onClick={() => {
          download.mutate()
        }}
      >
        <Download size={18} aria-hidden /> Download
      </Button>
    </div>
  )
}

function titleFor(code: string | undefined): string {
  switch (code) {
    case 'UNAUTHORIZED':
    case 'FORBIDDEN':
    case 'BAD_REQUEST':
    case 'NOT_FOUND':
      return 'This link does not work any more'
    case 'CONFLICT':
      return 'Not finished yet'
    default:
      return 'The recording could not be opened'
  }
}
