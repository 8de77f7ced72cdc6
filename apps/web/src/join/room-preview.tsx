import { trpc } from '../api/trpc.ts'
import { explainError } from '../api/explain-error.ts'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { nameProblem } from './name-problem.ts'

/** ms between two looks while the person stands at the door. */
const REFRESH_MS = 10_000

/** Says before one enters whether the room is being recorded, and whether somebody is there. */
export function RoomPreview({ roomName }: { roomName: string }) {
  const preview = trpc.rooms.preview.useQuery(
    { roomName },
    { enabled: nameProblem('', roomName) === undefined, refetchInterval: REFRESH_MS, staleTime: 1_000 },
  )
  if (preview.error && explainError(preview.error).code === undefined) {
    return (
      <Notice
        tone="warning"
        actions={
          <Button
            size="small"
            isBusy={preview.isFetching}
            onClick={() => {
              // What it finds is shown here
              void preview.refetch()
            }}
          >
            Try again
          </Button>
        }
      >
        {explainError(preview.error).message}
      </Notice>
    )
  }
  if (!preview.data) return null
  const { recordingStatus, numParticipants } = preview.data
  if (recordingStatus === 'STARTED' || recordingStatus === 'STARTING') {
    return <Notice tone="problem">This meeting is being recorded. Who joins is in the recording.</Notice>
  }
  if (numParticipants === 0) return null
  return (
    <Notice>{numParticipants === 1 ? 'One person is there.' : `${numParticipants} people are there.`}</Notice>
  )
}
