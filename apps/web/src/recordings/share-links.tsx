import type { ShareLink } from '@roomreel/contracts'
import { useId } from 'react'
import { trpc } from '../api/trpc.ts'
import { explainError } from '../api/explain-error.ts'
import { Button } from '../ui/button.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { useNow } from '../ui/use-now.ts'
import { useToast } from '../ui/toast-context.ts'
import { linkMark } from './audit-in-words.ts'
import { formatMoment, formatMomentInFull } from './format-moment.ts'
import styles from './share-links.module.css'

const MINUTE_MS = 60_000

/** The links of a recording that work, each with a button that ends it. */
export function ShareLinks({
  recordingName,
  onRevoked,
}: {
  recordingName: string
  onRevoked: (linkId: string) => void
}) {
  const titleId = useId()
  const { data, error, refetch } = trpc.share.list.useQuery({ recordingName })
  if (error) {
    return (
      <ErrorNotice
        error={error}
        onRetry={() => {
          void refetch()
        }}
      />
    )
  }
  if (!data || data.links.length === 0) return null
  return (
    <section className={styles['links']} aria-labelledby={titleId}>
      <h3 id={titleId} className={styles['title']}>
        Links that work
      </h3>
      <ul className={styles['list']} aria-labelledby={titleId}>
        {data.links.map((link) => (
          <ShareLinkRow key={link.linkId} link={link} onRevoked={onRevoked} />
        ))}
      </ul>
    </section>
  )
}

function ShareLinkRow({ link, onRevoked }: { link: ShareLink; onRevoked: (linkId: string) => void }) {
  const { linkId, recordingName, mayDownload, createdBy, expiresAt } = link
  const factsId = useId()
  const now = useNow(MINUTE_MS)
  const showToast = useToast()
  const { share } = trpc.useUtils()
  const revoking = trpc.share.revoke.useMutation({
    onSuccess: () => {
      onRevoked(linkId)
      return share.list.invalidate({ recordingName })
    },
    onError: (error) => {
      showToast(explainError(error).message, { tone: 'problem' })
    },
  })
  return (
    <li className={styles['row']}>
      <p id={factsId} className={styles['facts']}>
        <span>
          {mayDownload ? 'Watch and download' : 'Watch'} until{' '}
          <time dateTime={new Date(expiresAt).toISOString()} title={formatMomentInFull(expiresAt)}>
            {formatMoment(expiresAt, now)}
          </time>
        </span>
        <span className={styles['maker']}>
          {linkMark(linkId)}, made by{' '}
          {createdBy.kind === 'admin' ? 'the admin' : createdBy.name || 'somebody in the meeting'}
        </span>
      </p>
      <Button
        size="small"
        aria-describedby={factsId}
        isBusy={revoking.isPending}
        onClick={() => {
          revoking.mutate({ recordingName, linkId })
        }}
      >
        Revoke
      </Button>
    </li>
  )
}
