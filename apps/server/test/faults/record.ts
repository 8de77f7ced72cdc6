import { EgressStatus } from 'livekit-server-sdk'
import { eventually } from './eventually.ts'
import type { Meeting } from './meeting.ts'

/** Seconds that are recorded: enough for a file that plays. */
const RECORDED_SECONDS = 1.2

/** Somebody presses Start once, waits until it records, and presses Stop until nothing runs. */
export async function record(meeting: Meeting): Promise<void> {
  const isStarted = await start(meeting)
  if (!isStarted) {
    await meeting.recovered()
    // It may have begun all the same
    if (!(await meeting.activeEgress())) return
  }
  await recordsUntilStopped(meeting)
}

/** Of a recording that somebody has started: it runs for a moment, and somebody presses Stop. */
export async function recordsUntilStopped(meeting: Meeting): Promise<void> {
  await recordsFor(meeting, RECORDED_SECONDS)
  await stop(meeting)
}

/** Presses Start until it works, and then Stop. */
export async function recordAgain(meeting: Meeting): Promise<void> {
  await eventually(`${meeting.roomName} can be recorded again`, async () => {
    await meeting.join()
    return start(meeting)
  })
  await recordsFor(meeting, 0)
  await stop(meeting)
}

async function start(meeting: Meeting): Promise<boolean> {
  try {
    await meeting.person().recordings.start.mutate({ roomName: meeting.roomName })
    return true
  } catch {
    // Whether something has begun is seen at LiveKit
    return false
  }
}

/** Resolves when the recording has run for so long, or has ended before. */
async function recordsFor(meeting: Meeting, seconds: number): Promise<void> {
  await eventually(`${meeting.roomName} has been recorded`, async () => {
    const egress = await meeting.activeEgress()
    if (!egress) return true
    if (egress.status === EgressStatus.EGRESS_ENDING) return true
    const ranFor = Date.now() - Number(egress.startedAt / 1_000_000n)
    if (egress.status !== EgressStatus.EGRESS_ACTIVE || ranFor < seconds * 1_000) return false
    // Nobody stops what they don't see running
    const says = await meeting.says()
    return says === undefined || says === 'STARTED'
  })
}

async function stop(meeting: Meeting): Promise<void> {
  await eventually(`${meeting.roomName} has been stopped`, async () => {
    const egress = await meeting.activeEgress()
    if (!egress || egress.status === EgressStatus.EGRESS_ENDING) return true
    try {
      await meeting.person().recordings.stop.mutate({ roomName: meeting.roomName })
      return true
    } catch {
      // Once more
      return false
    }
  })
}
