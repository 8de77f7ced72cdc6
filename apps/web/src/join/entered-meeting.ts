import type { JoinRoomOutput } from '@roomreel/contracts'
import type { DeviceChoice } from './device-choice.ts'

/** A meeting that somebody has been let into. */
export interface EnteredMeeting extends JoinRoomOutput {
  readonly participantName: string
  /** What the preview was set to. */
  readonly devices: DeviceChoice
}
