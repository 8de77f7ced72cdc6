import { AccessToken, TokenVerifier } from 'livekit-server-sdk'
import { z } from 'zod'
import { AppError } from '../app-error.ts'
import type { ApiConfig } from '../api-config.ts'
import type { ParticipantPrincipal } from './principal.ts'

/**
 * Participant attribute by which a token is bound to one room session: the room grant names the room alone,
 * and tomorrow's meeting of the same name is another one.
 */
const ROOM_ID_ATTRIBUTE = 'roomreel.roomId'

/** As long as a working day: the page uses the token it joined with for as long as the meeting lasts. */
const ROOM_TOKEN_TTL = '12h'

type LiveKitKeys = Pick<ApiConfig['livekit'], 'apiKey' | 'apiSecret'>

/** A LiveKit access token with roomJoin and roomRecord for one session of one room. */
export async function signRoomToken(
  livekit: LiveKitKeys,
  who: { identity: string; name: string; roomName: string; roomId: string },
): Promise<string> {
  const token = new AccessToken(livekit.apiKey, livekit.apiSecret, {
    identity: who.identity,
    name: who.name,
    ttl: ROOM_TOKEN_TTL,
    attributes: { [ROOM_ID_ATTRIBUTE]: who.roomId },
  })
  token.addGrant({ roomJoin: true, roomRecord: true, room: who.roomName })
  return token.toJwt()
}

const RoomClaims = z.object({
  sub: z.string().default(''),
  name: z.string().default(''),
  attributes: z.record(z.string(), z.string()).default({}),
  video: z
    .object({
      room: z.string().default(''),
      roomJoin: z.boolean().default(false),
      roomRecord: z.boolean().default(false),
    })
    .default({ room: '', roomJoin: false, roomRecord: false }),
})

/**
 * @throws AppError UNAUTHORIZED for a token that is forged, foreign or expired, FORBIDDEN for a good one of
 *   LiveKit's that does not open a room session's recordings
 */
export async function verifyRoomToken(livekit: LiveKitKeys, token: string): Promise<ParticipantPrincipal> {
  const claims = await verifyClaims(livekit, token)
  const roomId = claims.attributes[ROOM_ID_ATTRIBUTE]
  if (!claims.video.roomJoin || !claims.video.roomRecord || !claims.video.room || !roomId) {
    throw new AppError('FORBIDDEN', 'Your access to this meeting does not include its recordings.')
  }
  return {
    kind: 'participant',
    identity: claims.sub,
    name: claims.name,
    roomName: claims.video.room,
    roomId,
  }
}

async function verifyClaims(livekit: LiveKitKeys, token: string): Promise<z.infer<typeof RoomClaims>> {
  try {
    return RoomClaims.parse(await new TokenVerifier(livekit.apiKey, livekit.apiSecret).verify(token, 0))
  } catch (error) {
    throw new AppError('UNAUTHORIZED', 'Your access to this meeting has expired. Join it again.', {
      cause: error,
    })
  }
}
