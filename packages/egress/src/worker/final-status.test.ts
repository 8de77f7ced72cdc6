import { EgressStatus } from '@livekit/protocol'
import { expect, test } from 'vitest'
import type { StopReason } from '../journal/recording-journal.ts'
import type { RecordingOutcome } from '../recorder/recorder-messages.ts'
import { finalStatus } from './final-status.ts'

const file = { name: 'f', sizeBytes: 1, durationSeconds: 1 }
const error = { code: 503, message: 'broken' }

test.each<[RecordingOutcome['end'], typeof file | null, StopReason | null, string, string, string, number]>([
  ['stopped', file, 'api', 'EGRESS_COMPLETE', 'End reason: StopEgress API', '', 0],
  ['stopped', file, 'shutdown', 'EGRESS_COMPLETE', 'End reason: Process killed', '', 0],
  [
    'stopped',
    file,
    null,
    'EGRESS_ABORTED',
    'End reason: Process killed',
    'The egress worker ended while it was recording',
    503,
  ],
  [
    'stopped',
    null,
    'api',
    'EGRESS_ABORTED',
    'End reason: StopEgress API',
    'Stop called before pipeline could start',
    412,
  ],
  ['source_closed', file, null, 'EGRESS_COMPLETE', 'End reason: Source closed', '', 0],
  [
    'source_closed',
    null,
    null,
    'EGRESS_ABORTED',
    'End reason: Source closed',
    'Source closed before anything was recorded',
    412,
  ],
  [
    'limit_reached',
    file,
    null,
    'EGRESS_LIMIT_REACHED',
    'End reason: Session limit reached',
    'Session limit reached',
    413,
  ],
  ['failed', file, null, 'EGRESS_FAILED', 'End reason: Failure', 'broken', 503],
  ['failed', null, 'api', 'EGRESS_FAILED', 'End reason: Failure', 'broken', 503],
  ['aborted', null, null, 'EGRESS_ABORTED', '', 'broken', 503],
])('%s with %j, asked by %s: %s', (end, left, stopReason, status, details, message, errorCode) => {
  const outcome = {
    end,
    startedAtMs: 1,
    endedAtMs: 2,
    error: end === 'failed' || end === 'aborted' ? error : null,
    file: left,
  }
  const final = finalStatus(outcome, stopReason)
  expect({ ...final, status: EgressStatus[final.status] }).toEqual({
    status,
    details,
    error: message,
    errorCode,
  })
})
