import { lazy, Suspense, useState } from 'react'
import { ApiProvider } from '../api/api-provider.tsx'
import type { EnteredMeeting } from '../join/entered-meeting.ts'
import { JoinPage } from '../join/join-page.tsx'
import { useEnterRoom } from '../join/use-enter-room.ts'
import { navigate } from '../navigation/navigate.ts'
import { roomPath } from '../navigation/route.ts'
import { loadRoom } from './load-room.ts'

const RoomPage = lazy(() => loadRoom().then((module) => ({ default: module.RoomPage })))

/** Whoever brought LiveKit down may have brought the app down, too: it is asked for this long, in growing pauses. */
const RENEWAL_RETRIES = 5

/** From the door into the room and out again. Another address is another door. */
export function Meeting({ roomName }: { roomName: string | undefined }) {
  const [entered, setEntered] = useState<EnteredMeeting>()
  const { mutate: renew } = useEnterRoom(setEntered, RENEWAL_RETRIES)
  if (entered === undefined || entered.roomName !== roomName) {
    return (
      <JoinPage
        key={roomName}
        roomName={roomName}
        onEnter={(meeting) => {
          setEntered(meeting)
          if (meeting.roomName !== roomName) navigate(roomPath(meeting.roomName))
        }}
      />
    )
  }
  return (
    <ApiProvider key={entered.token} roomToken={entered.token}>
      <Suspense fallback={null}>
        <RoomPage
          meeting={entered}
          onRejoin={() => {
            setEntered(undefined)
          }}
          onNewSession={(who) => {
            renew(who, {
              onError: () => {
                setEntered(undefined)
              },
            })
          }}
        />
      </Suspense>
    </ApiProvider>
  )
}
