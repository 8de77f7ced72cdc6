import type { Claims, VideoGrant } from '../access-token/claims.ts'
import { TwirpError } from './twirp-error.ts'

/** livekit-server answers a missing token and a missing grant alike: 401. */
function denied(): TwirpError {
  return new TwirpError('unauthenticated', 'permissions denied')
}

/** @throws TwirpError when the token does not carry the grant */
export function requireGrant(
  claims: Claims | undefined,
  grant: 'roomCreate' | 'roomList' | 'roomRecord',
): VideoGrant {
  const video = claims?.video
  if (!video?.[grant]) throw denied()
  return video
}

/** @throws TwirpError when the token does not administer this very room */
export function requireRoomAdmin(claims: Claims | undefined, room: string): VideoGrant {
  const video = claims?.video
  if (!video?.roomAdmin || (video.room ?? '') !== room) throw denied()
  return video
}

/**
 * @throws TwirpError when the token does not also let its holder bring participants to that other room, or when it is
 *   the same one
 */
export function requireDestination(claims: Claims | undefined, room: string, destination: string): void {
  const { destinationRoom = '' } = requireRoomAdmin(claims, room)
  if (destinationRoom !== destination) throw denied()
  const text = 'destination room cannot be the same as source room'
  // The space is livekit-server's
  if (room === destination) throw new TwirpError('invalid_argument', `${text} `, { argument: text })
}
