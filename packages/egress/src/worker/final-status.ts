import { EgressStatus } from '@livekit/protocol'
import type { StopReason } from '../journal/recording-journal.ts'
import type { RecordingOutcome } from '../recorder/recorder-messages.ts'

/** The part of EgressInfo that says how an egress ended, in the words of livekit/egress. */
export interface FinalStatus {
  status: EgressStatus
  details: string
  error: string
  errorCode: number
}

/** The status an egress ends with. Pure. @param stopReason null: nobody asked for an end */
export function finalStatus(outcome: RecordingOutcome, stopReason: StopReason | null): FinalStatus {
  const { end, file, error } = outcome
  const stopDetails = detailsOf(end, stopReason)
  const complete = { status: EgressStatus.EGRESS_COMPLETE, details: stopDetails, error: '', errorCode: 0 }
  switch (end) {
    case 'aborted':
      return aborted(error?.message ?? STOPPED_EARLY, error?.code ?? 412, stopReason ? stopDetails : '')
    case 'failed':
      return {
        status: EgressStatus.EGRESS_FAILED,
        details: 'End reason: Failure',
        error: error?.message ?? 'The recording failed.',
        errorCode: error?.code ?? 500,
      }
    case 'limit_reached':
      return {
        status: EgressStatus.EGRESS_LIMIT_REACHED,
        details: stopDetails,
        error: 'Session limit reached',
        errorCode: 413,
      }
    case 'source_closed':
      return file ? complete : aborted('Source closed before anything was recorded', 412, stopDetails)
    case 'stopped':
      if (!file) return aborted(STOPPED_EARLY, 412, stopDetails)
      // The recorder completed its file because its worker was gone
      if (stopReason === null)
        return aborted('The egress worker ended while it was recording', 503, stopDetails)
      return complete
    default:
      return end satisfies never
  }
}

const STOPPED_EARLY = 'Stop called before pipeline could start'

/** `details` while ending and afterwards. */
export function detailsOf(end: RecordingOutcome['end'], stopReason: StopReason | null): string {
  switch (end) {
    case 'limit_reached':
      return 'End reason: Session limit reached'
    case 'source_closed':
      return 'End reason: Source closed'
    case 'failed':
      return 'End reason: Failure'
    case 'aborted':
    case 'stopped':
      return stopReason === 'api' ? 'End reason: StopEgress API' : 'End reason: Process killed'
    default:
      return end satisfies never
  }
}

function aborted(error: string, errorCode: number, details: string): FinalStatus {
  return { status: EgressStatus.EGRESS_ABORTED, details, error, errorCode }
}
