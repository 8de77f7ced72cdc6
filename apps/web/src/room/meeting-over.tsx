import type { DisconnectReason } from 'livekit-client'
import { Link } from '../navigation/link.tsx'
import { Button } from '../ui/button.tsx'
import { meetingEnd } from './meeting-end.ts'
import styles from './room-page.module.css'

/** After the meeting, however it ended for this person. */
export function MeetingOver({
  reason,
  onRejoin,
}: {
  reason: DisconnectReason | undefined
  onRejoin: () => void
}) {
  const { title, text } = meetingEnd(reason)
  return (
    <main className={styles['over']}>
      <h1>{title}</h1>
      <p>{text}</p>
      <Button variant="primary" onClick={onRejoin}>
        Join again
      </Button>
      <Link href="/">Start another meeting</Link>
    </main>
  )
}
