import { type EgressInfo, EgressStatus } from 'livekit-server-sdk'

/** How an egress ends that was stopped while it was still starting. */
export const STOPPED_BEFORE_IT_BEGAN = 'The recording was stopped before it had begun.'

/**
 * Why a recording did not end as it was meant to, in words for people; undefined for one that did, or runs.
 * LiveKit's own texts (pkg/errors and pkg/types of livekit/egress) are for its operators, and may name hosts.
 */
export function endInWords({ status, error }: Pick<EgressInfo, 'status' | 'error'>): string | undefined {
  switch (status) {
    case EgressStatus.EGRESS_LIMIT_REACHED:
      return 'The longest time that a recording may take was reached.'
    case EgressStatus.EGRESS_ABORTED:
      if (/^Stop called/i.test(error)) return STOPPED_BEFORE_IT_BEGAN
      if (/^Start signal/i.test(error))
        return 'The recording could not begin: the recorder could not join the meeting.'
      return 'The recording ended early.'
    case EgressStatus.EGRESS_FAILED:
      if (/no space|ENOSPC/i.test(error)) return "The recording failed: the recorder's disk was full."
      if (/upload|storage|S3/i.test(error)) return 'The recording failed: its file could not be saved.'
      return 'The recording failed: the recorder had a problem.'
    case EgressStatus.EGRESS_STARTING:
    case EgressStatus.EGRESS_ACTIVE:
    case EgressStatus.EGRESS_ENDING:
    case EgressStatus.EGRESS_COMPLETE:
      return undefined
  }
}
