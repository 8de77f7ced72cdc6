import { useEffect, useState } from 'react'
import type { EnteredMeeting } from '../join/entered-meeting.ts'
import { type Reentry, rememberReentry } from '../join/reentry.ts'
import { Link } from '../navigation/link.tsx'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { Call } from './call.tsx'
import { MeetingOver } from './meeting-over.tsx'
import styles from './room-page.module.css'
import { useRoomConnection } from './use-room-connection.ts'

/** One stay in a room: connecting, inside, and out again. */
export function RoomPage({
  meeting,
  onRejoin,
  onNewSession,
}: {
  meeting: EnteredMeeting
  onRejoin: () => void
  onNewSession: (who: Reentry) => void
}) {
  const connection = useRoomConnection(meeting)
  const [isReturning, setIsReturning] = useState(false)
  const isOver = connection.state === 'outside' && !isReturning
  useEffect(() => {
    if (isOver) rememberReentry(undefined)
  }, [isOver])
  if (isReturning) {
    return (
      <main className={styles['over']} aria-busy="true">
        <p>Taking you back into “{meeting.roomName}”…</p>
      </main>
    )
  }
  switch (connection.state) {
    case 'joining':
      return (
        <main className={styles['over']} aria-busy="true">
          <p>Joining “{meeting.roomName}”…</p>
        </main>
      )
    case 'inside': {
      const { room } = connection
      return (
        <Call
          room={room}
          meeting={meeting}
          onNewSession={(who) => {
            setIsReturning(true)
            const comeBack = (): void => {
              onNewSession(who)
            }
            // Camera and microphone are let go of before they are taken again; also when the server does not agree
            room.disconnect().then(comeBack, comeBack)
          }}
          onLeave={() => {
            // The room tells of its end by its event, also when the server is not there to agree
            room.disconnect().catch(() => undefined)
          }}
        />
      )
    }
    case 'outside':
      return <MeetingOver reason={connection.reason} onRejoin={onRejoin} />
    case 'failed':
      return (
        <main className={styles['over']}>
          <h1>You could not be connected</h1>
          <Notice
            tone="problem"
            role="alert"
            details={connection.error instanceof Error ? connection.error.message : undefined}
          >
            The meeting server did not answer, or your network does not let calls through. Try again; if it
            stays, try another network.
          </Notice>
          <Button variant="primary" onClick={onRejoin}>
            Try again
          </Button>
          <Link href="/">Start another meeting</Link>
        </main>
      )
  }
}
