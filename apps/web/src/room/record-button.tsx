import { Circle, Square } from 'lucide-react'
import { Button } from '../ui/button.tsx'
import styles from './control-bar.module.css'
import type { RoomRecording } from './use-room-recording.ts'

/** Starts and stops; what it shows is what is so in the room, whoever did it. */
export function RecordButton({ recording }: { recording: RoomRecording }) {
  switch (recording.phase.phase) {
    case 'idle':
    case 'failed':
      return (
        <Button className={styles['record']} aria-label="Start recording" onClick={recording.start}>
          <Circle size={18} className={styles['dot']} aria-hidden />
          <span className={styles['word']}>Record</span>
        </Button>
      )
    case 'starting':
    case 'recording':
      return (
        <Button
          className={styles['record']}
          variant="danger"
          aria-label="Stop recording"
          onClick={recording.stop}
        >
          <Square size={18} fill="currentColor" aria-hidden />
          <span className={styles['word']}>Stop</span>
        </Button>
      )
    case 'asked':
      return (
        <Button className={styles['record']} isBusy aria-label="Starting the recording">
          <span className={styles['word']}>Starting…</span>
        </Button>
      )
    case 'stopping':
      return (
        <Button className={styles['record']} isBusy aria-label="Saving the recording">
          <span className={styles['word']}>Saving…</span>
        </Button>
      )
  }
}
