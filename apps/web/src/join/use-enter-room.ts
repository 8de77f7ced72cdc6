import { useMutation } from '@tanstack/react-query'
import { loadRoom } from '../app/load-room.ts'
import { trpc } from '../api/trpc.ts'
import type { EnteredMeeting } from './entered-meeting.ts'
import { rememberReentry, type Reentry } from './reentry.ts'

/**
 * Goes through the door: a token from the server and the room's code, whichever takes longer.
 *
 * @param retry how many times more it is tried by itself
 */
export function useEnterRoom(onEnter: (meeting: EnteredMeeting) => void, retry = 0) {
  const { mutateAsync: join } = trpc.rooms.join.useMutation()
  return useMutation({
    retry,
    mutationFn: async (who: Reentry): Promise<EnteredMeeting> => {
      const { roomName, participantName, devices } = who
      const [joined] = await Promise.all([join({ roomName, participantName }), loadRoom()])
      return { ...joined, participantName, devices }
    },
    onSuccess: (meeting) => {
      rememberReentry(meeting)
      onEnter(meeting)
    },
  })
}
