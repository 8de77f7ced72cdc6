import { lazy, Suspense, useState } from 'react'
import { ApiProvider } from '../api/api-provider.tsx'
import type { EnteredMeeting } from '../join/entered-meeting.ts'
import { JoinPage } from '../join/join-page.tsx'
import { navigate } from '../navigation/navigate.ts'
import { roomPath } from '../navigation/route.ts'
import { loadRoom } from './load-room.ts'

const RoomPage = lazy(() => loadRoom().then((module) => ({ default: module.RoomPage })))

/** From the door into the room and out again. Another address is another door. */
export function Meeting({ roomName }: { roomName: string | undefined }) {
  const [entered, setEntered] = useState<EnteredMeeting>()
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
        />
      </Suspense>
    </ApiProvider>
  )
}
