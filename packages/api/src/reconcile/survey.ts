import { parseRoomMetadata, type RecordingInfo, type RoomMetadata } from '@roomreel/contracts'
import type { EgressInfo } from 'livekit-server-sdk'
import { callLiveKit } from '../livekit/livekit-api.ts'
import type { HeldClaim } from '../recordings/claim.ts'
import { recordingFromEgress } from '../recordings/recording-from-egress.ts'
import type { Services } from '../services.ts'

/** A room that is open now. */
export interface SurveyedRoom {
  readonly roomName: string
  readonly roomId: string
  readonly metadata: RoomMetadata
}

/** An egress of LiveKit's list that writes a file of ours. */
export interface SurveyedEgress {
  readonly info: EgressInfo
  readonly recording: RecordingInfo
}

/** Everything that should agree, as it was seen. Objects are given by name (of the recording, or the room's id). */
export interface Survey {
  /** ms since the epoch. */
  readonly now: number
  readonly egresses: readonly SurveyedEgress[]
  readonly rooms: readonly SurveyedRoom[]
  readonly files: ReadonlyMap<string, { readonly size: number; readonly lastModified: Date }>
  readonly metadata: ReadonlyMap<string, Date>
  readonly withoutFile: ReadonlyMap<string, Date>
  readonly tombstones: ReadonlyMap<string, Date>
  readonly claims: ReadonlyMap<string, Date>
  readonly heldClaims: readonly HeldClaim[]
  /** All that the library shows. */
  readonly recordings: readonly RecordingInfo[]
}

/**
 * Looks at LiveKit, the bucket and the library. What is listed last is what is written last (a file before its
 * metadata, metadata before its claim is freed), so that what happens meanwhile looks unfinished, not wrong.
 * @throws AppError SERVICE_UNAVAILABLE
 */
export async function survey(services: Services): Promise<Survey> {
  const { index, keys, livekit, now, objects } = services
  const startedAt = now()
  const namesUnder = async (prefix: string, extension: string) => {
    const names = new Map<string, Date>()
    for await (const { key, lastModified } of objects.list(prefix)) {
      if (key.endsWith('.json'))
        names.set(key.slice(prefix.length, -'.json'.length) + extension, lastModified)
    }
    return names
  }
  const files = new Map<string, { size: number; lastModified: Date }>()
  for await (const { key, size, lastModified } of objects.list(keys.root, { isFlat: true })) {
    const name = keys.nameOfFile(key)
    if (name !== undefined) files.set(name, { size, lastModified })
  }
  const [egresses, rooms] = await Promise.all([
    callLiveKit(livekit, 'listEgress', () => livekit.egress.listEgress()),
    callLiveKit(livekit, 'listRooms', () => livekit.rooms.listRooms()),
  ])
  const tombstones = await namesUnder(keys.deletedPrefix, '.mp4')
  const metadata = await namesUnder(keys.metadataPrefix, '.mp4')
  const withoutFile = await namesUnder(keys.failedPrefix, '.mp4')
  const claims = await namesUnder(keys.claimPrefix, '')
  await index.scan()
  return {
    now: startedAt,
    egresses: egresses.flatMap((info) => {
      const recording = recordingFromEgress(info, keys)
      return recording ? [{ info, recording }] : []
    }),
    rooms: rooms.map(({ name, sid, metadata: text }) => ({
      roomName: name,
      roomId: sid,
      metadata: parseRoomMetadata(text),
    })),
    files,
    metadata,
    withoutFile,
    tombstones,
    claims,
    heldClaims: index.heldClaims(),
    recordings: index.all(),
  }
}
