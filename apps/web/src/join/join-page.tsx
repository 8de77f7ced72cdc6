import { useEffect, useState } from 'react'
import { readStoredText, localMemory } from '../browser/stored-text.ts'
import { loadRoom } from '../app/load-room.ts'
import { Link } from '../navigation/link.tsx'
import { useDocumentTitle } from '../ui/use-document-title.ts'
import { DEFAULT_DEVICE_CHOICE, type DeviceKind, type DeviceSetting } from './device-choice.ts'
import { DeviceMenus } from './device-menus.tsx'
import type { EnteredMeeting } from './entered-meeting.ts'
import { JoinForm, NAME_KEY } from './join-form.tsx'
import styles from './join-page.module.css'
import { MediaProblems } from './media-problems.tsx'
import { Preview } from './preview.tsx'
import { recallReentry } from './reentry.ts'
import { useDevicePreview } from './use-device-preview.ts'
import { useEnterRoom } from './use-enter-room.ts'
import { useMediaConsent } from './use-media-consent.ts'
import { useMediaDevices } from './use-media-devices.ts'

/** The door of a room: who you are, how you look and sound, and whether it is being recorded. */
export function JoinPage({
  roomName,
  onEnter,
}: {
  roomName: string | undefined
  onEnter: (meeting: EnteredMeeting) => void
}) {
  const [reentry] = useState(() => recallReentry(roomName))
  const [choice, setChoice] = useState(reentry?.devices ?? DEFAULT_DEVICE_CHOICE)
  const entering = useEnterRoom(onEnter)
  const { mutate: enter, isError } = entering
  const isReentering = reentry !== undefined && !isError

  const isAnswered = useMediaConsent() && !isReentering
  const camera = useDevicePreview('camera', choice.camera, isAnswered)
  const microphone = useDevicePreview('microphone', choice.microphone, isAnswered)
  const devices = useMediaDevices()

  useDocumentTitle(roomName)
  useEffect(() => {
    if (reentry) enter(reentry)
  }, [reentry, enter])
  useEffect(() => {
    // Only a head start: whoever joins waits for it, and hears of it there if it fails
    loadRoom().catch(() => undefined)
  }, [])

  const change = (kind: DeviceKind, setting: Partial<DeviceSetting>): void => {
    setChoice((before) => ({ ...before, [kind]: { ...before[kind], ...setting } }))
  }
  if (isReentering) {
    return (
      <main className={styles['returning']}>
        <p>Taking you back into the meeting…</p>
      </main>
    )
  }
  return (
    <main className={styles['page']}>
      <div className={styles['columns']}>
        <section className={styles['look']} aria-label="Your camera and microphone">
          <Preview
            choice={choice}
            cameraTrack={camera.track}
            microphoneTrack={microphone.track}
            onToggle={(kind) => {
              change(kind, { isOn: !choice[kind].isOn })
            }}
          />
          <MediaProblems camera={camera.problem} microphone={microphone.problem} />
          <div className={styles['menus']}>
            <DeviceMenus
              devices={devices}
              choice={choice}
              onChoose={(kind, deviceId) => {
                change(kind, { deviceId })
              }}
            />
          </div>
        </section>
        <JoinForm
          roomName={roomName}
          participantName={reentry?.participantName ?? readStoredText(localMemory, NAME_KEY) ?? ''}
          isBusy={entering.isPending}
          error={entering.error}
          onJoin={(who) => {
            // What could not be had here is not tried, and complained of, a second time inside
            const devices = {
              microphone: { ...choice.microphone, isOn: choice.microphone.isOn && !microphone.problem },
              camera: { ...choice.camera, isOn: choice.camera.isOn && !camera.problem },
            }
            enter({ ...who, devices })
          }}
        />
      </div>
      <footer className={styles['footer']}>
        <Link href="/recordings">All recordings</Link>
      </footer>
    </main>
  )
}
