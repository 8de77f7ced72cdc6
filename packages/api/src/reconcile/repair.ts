import type { EgressInfo } from 'livekit-server-sdk'
import type { HeldClaim } from '../recordings/claim.ts'

/** One difference between LiveKit, the bucket and what is known, and what would put it right. */
export type Repair =
  /** A recording that LiveKit knows of and the library does not, or not so far. */
  | { readonly kind: 'take-news'; readonly recordingId: string; readonly info: EgressInfo }
  /** A claim whose recording is over, or whose start never was answered. */
  | { readonly kind: 'settle-claim'; readonly claim: HeldClaim; readonly reason: string }
  /** A file of which nothing is known. */
  | { readonly kind: 'adopt-file'; readonly recordingName: string; readonly lastModified: Date }
  /** A file to look at: it is gone, has come back, or nobody has looked yet. */
  | {
      readonly kind: 'check-file'
      readonly recordingName: string
      readonly reason: 'gone' | 'returned' | 'unchecked'
    }
  /** Something is left of a deleted recording, or its file has been put back. */
  | { readonly kind: 'finish-deletion'; readonly recordingName: string; readonly lastModified: Date }
  /** The record of a recording without a file, of which there is one with a file. */
  | { readonly kind: 'drop-double'; readonly recordingName: string }
  /** A room's metadata says what is not so. */
  | {
      readonly kind: 'correct-room'
      readonly roomName: string
      readonly roomId: string
      readonly says: string
      readonly recordingId: string | undefined
    }
  /** Records that nobody needs any more. */
  | { readonly kind: 'sweep'; readonly key: string }

export type RepairKind = Repair['kind']

export const REPAIR_KINDS = [
  'take-news',
  'settle-claim',
  'adopt-file',
  'check-file',
  'finish-deletion',
  'drop-double',
  'correct-room',
  'sweep',
] as const satisfies readonly RepairKind[]

/** One line for whoever looks before anything is done. Pure. */
export function describeRepair(repair: Repair): string {
  switch (repair.kind) {
    case 'take-news':
      return `${repair.recordingId}: take up what LiveKit says of this egress`
    case 'settle-claim':
      return `${repair.claim.roomName} (${repair.claim.roomId}): ${repair.reason}; settle its claim`
    case 'adopt-file':
      return `${repair.recordingName}: a file without metadata; write it from the file itself`
    case 'check-file':
      return `${repair.recordingName}: ${CHECK_REASONS[repair.reason]}`
    case 'finish-deletion':
      return `${repair.recordingName}: deleted, but not all of it is gone; remove the rest`
    case 'drop-double':
      return `${repair.recordingName}: there is another record of this recording, with its file; drop this one`
    case 'correct-room':
      return `${repair.roomName} (${repair.roomId}): the room says ${repair.says}, which is not so; tell it how it is`
    case 'sweep':
      return `${repair.key}: not needed any more; remove it`
  }
}

const CHECK_REASONS = {
  gone: 'its file is not in the storage; mark it as missing',
  returned: 'its file is back; look at it',
  unchecked: 'nobody has looked at its file yet; look at it',
}
