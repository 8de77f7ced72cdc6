import { setTimeout as delay } from 'node:timers/promises'
import type { Meeting } from './meeting.ts'
import { attend } from './participant.ts'
import type { StepName } from './step.ts'
import type { Trap } from './trap.ts'

/** ms for which S3 or LiveKit is away: longer than what is tried again at once. */
const AWAY_MS = 4_000

/** What goes wrong in a meeting, prepared before anybody records. */
export type Fault = (meeting: Meeting) => void | Promise<void>

/** SIGKILL of the application, which is started anew at once. */
export function killApplication(step: StepName, moment: Trap['moment']): Fault {
  return (meeting) => {
    meeting.trap(step, moment, async () => {
      await meeting.replica.kill()
      // It was in the middle of something: nothing waits for it to be back
      meeting.recover(meeting.replica.start())
    })
  }
}

/** From this step on, S3 or LiveKit does not answer for a while. */
export function cut(gate: 's3' | 'livekit', step: StepName): Fault {
  return (meeting) => {
    meeting.trap(step, 'as it passes', () => {
      meeting.product[gate].cut()
      meeting.recover(restoreLater(meeting, gate))
    })
  }
}

async function restoreLater({ product }: Meeting, gate: 's3' | 'livekit'): Promise<void> {
  await delay(AWAY_MS)
  product[gate].restore()
}

/** What LiveKit tells of the egress at these moments never arrives. */
export function loseWebhooks(steps: readonly StepName[]): Fault {
  return (meeting) => {
    meeting.webhookFault = ({ passage }) =>
      steps.some((step) => meeting.isAt(step, passage)) ? Promise.resolve(200) : undefined
  }
}

/** It arrives twenty times, at two replicas at once. */
export function multiplyWebhook(step: StepName): Fault {
  return (meeting) => {
    meeting.webhookFault = ({ webhook, passage }) => {
      if (!meeting.isAt(step, passage)) return undefined
      const { replicas } = meeting.product
      const deliveries = Array.from({ length: 10 }, () =>
        replicas.map((replica) => webhook.deliver(replica.url)),
      )
      return Promise.all(deliveries.flat()).then((statuses) => Math.max(...statuses))
    }
  }
}

/** It arrives when all is over, and says that it is an hour old. */
export function delayWebhook(step: StepName): Fault {
  return (meeting) => {
    meeting.webhookFault = ({ webhook, passage }) => {
      if (!meeting.isAt(step, passage)) return undefined
      meeting.afterwards(async () => {
        await webhook.deliver(meeting.replica.url, 3_600_000)
      })
      return Promise.resolve(200)
    }
  }
}

/** The last news comes first. */
export function reverseWebhooks(): Fault {
  return (meeting) => {
    const held: Array<() => Promise<number>> = []
    let isOver = false
    meeting.webhookFault = ({ webhook, passage }) => {
      if (isOver || !passage.path.startsWith('egress_')) return undefined
      held.unshift(() => webhook.deliver(meeting.replica.url))
      if (!meeting.isAt('endedTold', passage)) return Promise.resolve(200)
      isOver = true
      return (async () => {
        for (const deliver of held) await deliver()
        return 200
      })()
    }
  }
}

/** SIGKILL of the process that records. */
export function killRecorder(step: StepName): Fault {
  return atStep(step, async (meeting) => {
    const egress = await meeting.activeEgress()
    if (!egress) throw new Error('nobody records')
    await meeting.product.stack.killRecorder(egress.egressId)
  })
}

/** Somebody deletes the room at LiveKit. */
export function deleteRoom(step: StepName): Fault {
  return atStep(step, (meeting) => meeting.product.stack.rooms.deleteRoom(meeting.roomName))
}

/** The last one hangs up without stopping the recording. */
export function leave(step: StepName): Fault {
  return async (meeting) => {
    const hangUp = await attend(meeting)
    await atStep(step, hangUp)(meeting)
  }
}

function atStep(step: StepName, happen: (meeting: Meeting) => Promise<void>): Fault {
  return (meeting) => {
    meeting.trap(step, 'as it passes', () => happen(meeting))
  }
}
