import type { Question } from '../question.ts'
import { egressWorker } from './egress-worker.ts'
import { idleMemory } from './idle-memory.ts'
import { join } from './join.ts'
import { list } from './list.ts'
import { localLiveKit } from './local-livekit.ts'
import { pageSize } from './page-size.ts'
import { proxy } from './proxy.ts'
import { realJoin } from './real-join.ts'
import { realLiveKit } from './real-livekit.ts'
import { realRecordingStart } from './real-recording-start.ts'
import { recorder } from './recorder.ts'
import { recordingStart } from './recording-start.ts'
import { recordingStop } from './recording-stop.ts'
import { start } from './start.ts'
import { webhooks } from './webhooks.ts'

/** In the order in which they are asked. */
export const allQuestions: readonly Question[] = [
  pageSize,
  start,
  idleMemory,
  join,
  recordingStart,
  recordingStop,
  localLiveKit,
  recorder,
  proxy,
  webhooks,
  list,
  realLiveKit,
  realJoin,
  realRecordingStart,
  egressWorker,
]
