import type { EgressInfo } from '@livekit/protocol'

/** What to record, as the API call said it. */
export interface StartEgressCall {
  /** Assigned by the server, `EG_…`. */
  readonly egressId: string
  /** Sid and name of the room; empty for a recording of a web page. */
  readonly roomId: string
  readonly roomName: string
  readonly request: EgressInfo['request']
}

/**
 * What carries out recordings. Errors it throws carry `code` (`invalid_argument`, `not_found`, `failed_precondition`,
 * `resource_exhausted`, `unavailable`, …) and a message, and reach the caller of the API as they are.
 */
export interface EgressService {
  /** Starts and answers with status STARTING; it reports the rest to the server's `egressIo`. */
  startEgress(call: StartEgressCall): Promise<EgressInfo>
  /** Begins to end a recording and answers with its status. */
  stopEgress(egressId: string): Promise<EgressInfo>
  /** Changes the layout of a running room composite. */
  updateLayout?(egressId: string, layout: string): Promise<EgressInfo>
}

/** What an Egress service reports to; the counterpart of LiveKit's internal `rpc.IOInfo`. */
export interface EgressIo {
  /** Stores a new egress and sends egress_started. A known id is ignored. */
  createEgress(info: EgressInfo): Promise<void>
  /** Stores a change and sends egress_updated or egress_ended. Unknown ids are taken, too. */
  updateEgress(info: EgressInfo): Promise<void>
}
