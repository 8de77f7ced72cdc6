import type { Room } from '@livekit/rtc-node'
import { RoomEvent } from '@livekit/rtc-node'
import { z } from 'zod'
import { parseLayout } from '../request/parse-layout.ts'
import type { LayoutName, ThemeName } from '../request/recording-plan.ts'

/** livekit-server's `service.LayoutMetadata`. */
const LayoutMetadata = z.object({ layout: z.string() })

/**
 * Hears of UpdateLayout: livekit-server has no call for it to a worker, it writes the layout into the metadata of
 * the recorder's participant (livekit-server, `service/egress.go`).
 */
export function followLayout(room: Room, onLayout: (layout: LayoutName, theme: ThemeName) => void): void {
  room.on(RoomEvent.ParticipantMetadataChanged, (_before, participant) => {
    if (participant.identity !== room.localParticipant?.identity) return
    const layout = layoutOf(participant.metadata ?? '')
    if (layout === undefined) return
    const parsed = parseLayout(layout)
    onLayout(parsed.layout, parsed.theme)
  })
}

/** Pure. @returns undefined for other metadata */
export function layoutOf(metadata: string): string | undefined {
  try {
    return LayoutMetadata.safeParse(JSON.parse(metadata)).data?.layout
  } catch {
    // Metadata may be any text
    return undefined
  }
}
