import {
  cut,
  delayWebhook,
  deleteRoom,
  type Fault,
  killApplication,
  killRecorder,
  leave,
  loseWebhooks,
  multiplyWebhook,
  reverseWebhooks,
} from './fault.ts'
import { type StepName, STEPS } from './step.ts'

/** One thing that goes wrong at one step. */
export interface Case {
  /** As the table calls it. */
  readonly fault: string
  readonly step: string
  /** What goes wrong hits everybody who uses the same application; others can share one. */
  readonly isForAll: boolean
  readonly goesWrong: Fault
  /** Whether the recorder and what goes wrong are in a race, which may end in two ways. */
  readonly isRace?: boolean
  /** Whether what goes wrong ends the recording. */
  readonly endsIt?: boolean
}

const EVERY_STEP: readonly StepName[] = [
  'claimed',
  'saysStarting',
  'startAsked',
  'claimKnows',
  'startedTold',
  'activeTold',
  'saysStarted',
  'stopAsked',
  'saysStopping',
  'endedTold',
  'saved',
  'freed',
  'saysStopped',
]
/** Steps that may have been carried out although nobody heard of it. */
const ANSWERED: readonly StepName[] = ['claimed', 'startAsked', 'claimKnows', 'stopAsked', 'saved', 'freed']
const TOLD: readonly StepName[] = ['startedTold', 'activeTold', 'endedTold']
/** While it starts, while it runs, and while it ends. */
const IN_ITS_LIFE: readonly StepName[] = ['claimKnows', 'saysStarted', 'stopAsked']

const at = (
  fault: string,
  steps: readonly StepName[],
  isForAll: boolean,
  make: (step: StepName) => Fault,
): Case[] => steps.map((step) => ({ fault, step: STEPS[step].name, isForAll, goesWrong: make(step) }))

/** A recorder that finds nobody to record may have begun, or not. */
function raceWhileStarting(each: Case): Case {
  return { ...each, isRace: each.step === STEPS.claimKnows.name }
}

function endsRecording(each: Case): Case {
  return { ...each, endsIt: true }
}

export const CASES: readonly Case[] = [
  ...at('the application is killed before', EVERY_STEP, true, (step) =>
    killApplication(step, 'before it is heard'),
  ),
  ...at('the application is killed, not having heard the answer to', ANSWERED, true, (step) =>
    killApplication(step, 'before it is answered'),
  ),
  ...at('S3 is unreachable from', EVERY_STEP, true, (step) => cut('s3', step)),
  ...at('LiveKit is unreachable from', EVERY_STEP, true, (step) => cut('livekit', step)),
  ...at('lost:', TOLD, false, (step) => loseWebhooks([step])),
  { fault: 'lost:', step: 'all webhooks', isForAll: false, goesWrong: loseWebhooks(TOLD) },
  ...at('twenty times, at two replicas at once:', TOLD, false, multiplyWebhook),
  ...at('an hour late:', TOLD, false, delayWebhook),
  { fault: 'in reverse order:', step: 'all webhooks', isForAll: false, goesWrong: reverseWebhooks() },
  ...at('the recorder is killed at', IN_ITS_LIFE, false, killRecorder).map(endsRecording),
  ...at('the room is deleted at', IN_ITS_LIFE, false, deleteRoom).map(raceWhileStarting),
  ...at('everyone leaves at', IN_ITS_LIFE, false, leave).map(raceWhileStarting),
]
