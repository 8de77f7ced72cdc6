import type { Passage } from './passage.ts'

/** By what a step of one room's recording is told from those of other rooms. */
export interface RecordedRoom {
  readonly roomName: string
  readonly roomId: string
  /** Of its recordings, as far as LiveKit has told of them. */
  readonly egressIds: ReadonlySet<string>
}

/** A step of a recording's life, as it can be seen on the wire. */
export interface Step {
  /** As the table calls it. */
  readonly name: string
  isReached(passage: Passage, room: RecordedRoom): boolean
}

const claim = (name: string, text: RegExp): Step => ({
  name,
  isReached: ({ gate, method, path, body }, { roomId }) =>
    gate === 's3' && method === 'PUT' && path.includes(`.claims/${roomId}.json`) && text.test(body),
})

const metadata = (status: string): Step => ({
  name: `room metadata ${status}`,
  isReached: ({ gate, path, body }, { roomName }) =>
    gate === 'livekit' &&
    path.endsWith('/UpdateRoomMetadata') &&
    body.includes(`"${roomName}"`) &&
    body.includes(`\\"recordingStatus\\":\\"${status}\\"`),
})

const webhook = (event: string, status: string): Step => ({
  name: `webhook ${event}`,
  isReached: ({ gate, path, body }, { roomName }) =>
    gate === 'webhook' && path === event && body.includes(status) && body.includes(`"${roomName}"`),
})

/** All steps, in the order in which a recording takes them. */
export const STEPS = {
  claimed: claim('claim made', /"state":"held"(?!.*"recording":)/),
  saysStarting: metadata('STARTING'),
  startAsked: {
    name: 'StartRoomCompositeEgress',
    isReached: ({ gate, path, body }, { roomName }) =>
      gate === 'livekit' && path.endsWith('/StartRoomCompositeEgress') && body.includes(`"${roomName}"`),
  },
  claimKnows: claim('claim knows the recording', /"state":"held".*"recording":/),
  startedTold: webhook('egress_started', 'egressInfo'),
  activeTold: webhook('egress_updated', 'EGRESS_ACTIVE'),
  saysStarted: metadata('STARTED'),
  stopAsked: {
    name: 'StopEgress',
    isReached: ({ gate, path, body }, { egressIds }) =>
      gate === 'livekit' && path.endsWith('/StopEgress') && [...egressIds].some((id) => body.includes(id)),
  },
  saysStopping: metadata('STOPPING'),
  endedTold: webhook('egress_ended', 'egressInfo'),
  saved: {
    name: 'metadata saved',
    isReached: ({ gate, method, path }, { roomName }) =>
      gate === 's3' && method === 'PUT' && path.includes(`.metadata/${roomName}-`),
  },
  freed: claim('claim freed', /"state":"free"/),
  saysStopped: metadata('STOPPED'),
} as const satisfies Record<string, Step>

export type StepName = keyof typeof STEPS
