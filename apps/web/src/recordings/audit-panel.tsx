import { type AuditEntry, MAX_AUDIT_ENTRIES } from '@roomreel/contracts'
import { useId } from 'react'
import { trpc } from '../api/trpc.ts'
import { useNow } from '../ui/use-now.ts'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { auditInWords } from './audit-in-words.ts'
import styles from './audit-panel.module.css'
import { formatMoment, formatMomentInFull } from './format-moment.ts'

const MINUTE_MS = 60_000

/** What has been done with a recording, by whom and from where, for the admin; also when it is deleted. */
export function AuditPanel({ recordingName }: { recordingName: string }) {
  const titleId = useId()
  const { data, error, refetch } = trpc.recordings.audit.useQuery({ recordingName })
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
  // Nothing to tell, or nowhere to tell it from
  if (!data || (data.entries.length === 0 && data.keptIn !== 'stdout')) return null
  return (
    <section className={styles['panel']} aria-labelledby={titleId}>
      <h2 id={titleId}>History</h2>
      {data.keptIn === 'stdout' && (
        <p className={styles['note']}>The audit log is kept by the server’s log.</p>
      )}
      {data.entries.length > 0 && (
        <ol className={styles['list']} aria-labelledby={titleId}>
          {data.entries.map((entry, index) => (
            // oxlint-disable-next-line react/no-array-index-key -- two entries may be alike, and none of them moves
            <AuditRow key={index} entry={entry} />
          ))}
        </ol>
      )}
      {data.hasMore && <p className={styles['note']}>These are the latest {MAX_AUDIT_ENTRIES}.</p>}
    </section>
  )
}

function AuditRow({ entry }: { entry: AuditEntry }) {
  const { at, address } = entry
  const now = useNow(MINUTE_MS)
  return (
    <li className={styles['row']}>
      <time className={styles['time']} dateTime={new Date(at).toISOString()} title={formatMomentInFull(at)}>
        {formatMoment(at, now)}
      </time>
      <span className={styles['words']}>{auditInWords(entry)}</span>
      <span className={styles['address']}>{address}</span>
    </li>
  )
}
