import { DEFAULT_SHARE_SECONDS, MAX_SHARE_SECONDS, type RecordingInfo } from '@roomreel/contracts'
import { useEffect, useState } from 'react'
import { trpc } from '../api/trpc.ts'
import { Button } from '../ui/button.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { SelectField } from '../ui/select-field.tsx'
import { TextField } from '../ui/text-field.tsx'
import { formatMomentInFull } from './format-moment.ts'
import { recordingTitle } from './recording-title.ts'
import styles from './share-dialog.module.css'

const HOUR = 60 * 60
const LIFETIMES = [
  { value: String(HOUR), label: '1 hour' },
  { value: String(24 * HOUR), label: '1 day' },
  { value: String(DEFAULT_SHARE_SECONDS), label: '7 days' },
  { value: String(MAX_SHARE_SECONDS), label: '30 days' },
]

/** Makes a link that opens one recording without any login, for as long as one chooses. */
export function ShareDialog({ recording, onClose }: { recording: RecordingInfo; onClose: () => void }) {
  const [seconds, setSeconds] = useState(String(DEFAULT_SHARE_SECONDS))
  const { mutate, data, error, isPending } = trpc.recordings.share.useMutation()
  const { name } = recording
  useEffect(() => {
    mutate({ recordingName: name, expiresInSeconds: Number(seconds) })
  }, [mutate, name, seconds])
  return (
    <Dialog title={`Share “${recordingTitle(recording)}”`} onClose={onClose}>
      <SelectField label="The link works for" value={seconds} options={LIFETIMES} onChange={setSeconds} />
      <div className={styles['link']}>
        <TextField
          label="Link"
          value={isPending ? '' : (data?.url ?? '')}
          readOnly
          placeholder="Making a link…"
        />
        <CopyButton
          variant="primary"
          text={data?.url ?? ''}
          disabled={isPending || !data}
          label="Copy link"
        />
      </div>
      {error && (
        <ErrorNotice
          error={error}
          onRetry={() => {
            mutate({ recordingName: name, expiresInSeconds: Number(seconds) })
          }}
        />
      )}
      <p className={styles['hint']}>
        Whoever has it can watch this one recording, without a login
        {data && !isPending ? `, until ${formatMomentInFull(data.expiresAt)}.` : '.'}
      </p>
      <div className={styles['actions']}>
        <Button onClick={onClose}>Done</Button>
      </div>
    </Dialog>
  )
}
