import type { DownlinkTrack } from '../forwarding/downlink-track.ts'

/** How tracks get into the descriptions of the connection on which a client receives. */
export interface SubscriberNegotiation {
  add(downlink: DownlinkTrack): void
  remove(downlink: DownlinkTrack): void
  /** Starts a round when something changed and none is under way. */
  negotiate(): void
}
