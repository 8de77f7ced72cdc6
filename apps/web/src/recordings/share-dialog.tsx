import {
  DEFAULT_SHARE_SECONDS,
  MAX_SHARE_SECONDS,
  type RecordingInfo,
  type ShareRecordingOutput,
} from '@roomreel/contracts'
import { useState } from 'react'
import { trpc } from '../api/trpc.ts'
import { Button } from '../ui/button.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { SelectField } from '../ui/select-field.tsx'
import { TextField } from '../ui/text-field.tsx'
import { useNow } from '../ui/use-now.ts'
import { formatMoment } from './format-moment.ts'
import { recordingTitle } from './recording-title.ts'
import styles from './share-dialog.module.css'
import { ShareLinks } from './share-links.tsx'

const MINUTE_MS = 60_000
const HOUR = 60 * 60
const LIFETIMES = [
  { value: String(HOUR), label: '1 hour' },
  { value: String(24 * HOUR), label: '1 day' },
  { value: String(DEFAULT_SHARE_SECONDS), label: '7 days' },
  { value: String(MAX_SHARE_SECONDS), label: '30 days' },
]
const RIGHTS = [
  { value: 'play', label: 'Watch' },
  { value: 'download', label: 'Also download' },
]

/** Makes links that open one recording without any login, and shows and revokes those that there are. */
export function ShareDialog({ recording, onClose }: { recording: RecordingInfo; onClose: () => void }) {
  const [seconds, setSeconds] = useState(String(DEFAULT_SHARE_SECONDS))
  const [rights, setRights] = useState('play')
  const { name } = recording
  const { share } = trpc.useUtils()
  const making = trpc.recordings.share.useMutation({
    onSuccess: () => share.list.invalidate({ recordingName: name }),
  })
  const make = (): void => {
    making.mutate({
      recordingName: name,
      expiresInSeconds: Number(seconds),
      mayDownload: rights === 'download',
    })
  }
  return (
    <Dialog title={`Share “${recordingTitle(recording)}”`} onClose={onClose}>
      <div className={styles['choices']}>
        <SelectField label="Whoever has the link can" value={rights} options={RIGHTS} onChange={setRights} />
        <SelectField label="The link works for" value={seconds} options={LIFETIMES} onChange={setSeconds} />
      </div>
      <Button variant={making.data ? 'plain' : 'primary'} isBusy={making.isPending} onClick={make}>
        {making.data ? 'Create another link' : 'Create link'}
      </Button>
      {making.error && <ErrorNotice error={making.error} onRetry={make} />}
      {making.data && <NewLink link={making.data} />}
      <ShareLinks
        recordingName={name}
        onRevoked={(linkId) => {
          if (linkId === making.data?.linkId) making.reset()
        }}
      />
      <div className={styles['actions']}>
        <Button onClick={onClose}>Done</Button>
      </div>
    </Dialog>
  )
}

function NewLink({ link: { url, expiresAt } }: { link: ShareRecordingOutput }) {
  const now = useNow(MINUTE_MS)
  return (
    <div className={styles['new']}>
      <div className={styles['link']}>
        <TextField label="Link" value={url} readOnly />
        <CopyButton variant="primary" text={url} label="Copy link" />
      </div>
      <p className={styles['hint']}>
        It opens this one recording without a login, until {formatMoment(expiresAt, now)}. Copy it now: it is
        not shown again.
      </p>
    </div>
  )
}
