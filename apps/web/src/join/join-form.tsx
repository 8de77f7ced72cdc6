import { type SyntheticEvent, useState } from 'react'
import { localMemory, writeStoredText } from '../browser/stored-text.ts'
import { Button } from '../ui/button.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { TextField } from '../ui/text-field.tsx'
import { useDebounced } from '../ui/use-debounced.ts'
import { useInitialFocus } from '../ui/use-initial-focus.ts'
import styles from './join-page.module.css'
import { madeUpRoomName } from './made-up-room-name.ts'
import { nameProblem } from './name-problem.ts'
import { RoomPreview } from './room-preview.tsx'

/** Where this browser keeps the name that was typed last. */
export const NAME_KEY = 'roomreel.name'
/** ms without a key press after which the room is looked up. */
const LOOK_UP_DELAY_MS = 400

export function JoinForm({
  roomName: givenRoomName,
  participantName: rememberedName,
  isBusy,
  error,
  onJoin,
}: {
  roomName: string | undefined
  participantName: string
  isBusy: boolean
  error: unknown
  onJoin: (who: { roomName: string; participantName: string }) => void
}) {
  const [roomName, setRoomName] = useState(() => givenRoomName ?? madeUpRoomName())
  const [participantName, setParticipantName] = useState(rememberedName)
  const [isChecked, setIsChecked] = useState(false)
  // The room's name is there already: what is left is one's own name, or Enter
  const nameField = useInitialFocus<HTMLInputElement>(rememberedName === '')
  const joinButton = useInitialFocus<HTMLButtonElement>(rememberedName !== '')
  const lookedUp = useDebounced(roomName.trim(), LOOK_UP_DELAY_MS)
  const roomProblem = isChecked ? nameProblem('The room name', roomName) : undefined
  const participantProblem = isChecked ? nameProblem('Your name', participantName) : undefined

  const submit = (event: SyntheticEvent): void => {
    event.preventDefault()
    setIsChecked(true)
    if (nameProblem('', roomName) !== undefined || nameProblem('', participantName) !== undefined) return
    writeStoredText(localMemory, NAME_KEY, participantName.trim())
    onJoin({ roomName: roomName.trim(), participantName: participantName.trim() })
  }
  return (
    <form className={styles['form']} onSubmit={submit} noValidate>
      <h1>{givenRoomName === undefined ? 'Start a meeting' : 'Join the meeting'}</h1>
      <TextField
        label="Room name"
        value={roomName}
        problem={roomProblem}
        autoComplete="off"
        onChange={(event) => {
          setRoomName(event.target.value)
        }}
      />
      <TextField
        label="Your name"
        value={participantName}
        problem={participantProblem}
        autoComplete="name"
        ref={nameField}
        onChange={(event) => {
          setParticipantName(event.target.value)
        }}
      />
      <RoomPreview roomName={lookedUp} />
      {error !== null && error !== undefined && <ErrorNotice error={error} />}
      <Button ref={joinButton} type="submit" variant="primary" isBusy={isBusy}>
        Join
      </Button>
    </form>
  )
}
