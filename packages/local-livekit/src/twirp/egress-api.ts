import {
  EgressStatus,
  ListEgressRequest,
  ListEgressResponse,
  ParticipantEgressRequest,
  RoomCompositeEgressRequest,
  StartEgressRequest,
  StopEgressRequest,
  TrackCompositeEgressRequest,
  TrackEgressRequest,
  UpdateLayoutRequest,
  UpdateStreamRequest,
  WebEgressRequest,
  type EgressInfo,
} from '@livekit/protocol'
import type { Claims } from '../access-token/claims.ts'
import type { EgressRegistry } from '../egress/egress-registry.ts'
import type { EgressService } from '../egress/egress-service.ts'
import { randomSid } from '../random-sid.ts'
import type { RoomRegistry } from '../room/room-registry.ts'
import { requireGrant } from './require-grant.ts'
import { isTwirpCode, serviceError } from './twirp-error.ts'
import { method, type TwirpService } from './twirp-method.ts'

export interface EgressApiOptions {
  rooms: RoomRegistry
  registry: EgressRegistry
  /** The bound service, if one is. */
  service: () => EgressService | undefined
}

/** `livekit.Egress`. */
export function createEgressApi({ rooms, registry, service }: EgressApiOptions): TwirpService {
  const boundService = (): EgressService => {
    const bound = service()
    if (!bound) throw serviceError('unavailable', 'no response from servers')
    return bound
  }

  /** @param roomName undefined for recordings that need no room */
  const start = async (
    claims: Claims | undefined,
    roomName: string | undefined,
    request: EgressInfo['request'],
  ): Promise<EgressInfo> => {
    requireGrant(claims, 'roomRecord')
    const room = roomName === undefined ? undefined : rooms.find(roomName)
    if (roomName !== undefined && !room) throw serviceError('not_found', 'requested room does not exist')
    const egressId = randomSid('EG_')
    const call = { egressId, roomId: room?.info.sid ?? '', roomName: roomName ?? '', request }
    const info = await passErrors(boundService().startEgress(call))
    // A service that has not reported it yet: the caller must find it in the list
    await registry.createEgress(info)
    return info
  }

  const running = (claims: Claims | undefined, egressId: string, verb: string): EgressInfo => {
    requireGrant(claims, 'roomRecord')
    const info = registry.get(egressId)
    if (!info) throw serviceError('not_found', 'egress does not exist')
    if (info.status !== EgressStatus.EGRESS_STARTING && info.status !== EgressStatus.EGRESS_ACTIVE)
      throw serviceError(
        'failed_precondition',
        `egress with status ${statusName(info.status)} cannot be ${verb}`,
      )
    return info
  }

  return {
    StartRoomCompositeEgress: method(RoomCompositeEgressRequest, (value, claims) =>
      start(claims, value.roomName, { case: 'roomComposite', value }),
    ),
    StartEgress: method(StartEgressRequest, (value, claims) =>
      start(claims, value.source.case === 'web' && value.roomName === '' ? undefined : value.roomName, {
        case: 'egress',
        value,
      }),
    ),
    StartWebEgress: method(WebEgressRequest, (value, claims) =>
      start(claims, undefined, { case: 'web', value }),
    ),
    StartParticipantEgress: method(ParticipantEgressRequest, (value, claims) =>
      start(claims, value.roomName, { case: 'participant', value }),
    ),
    StartTrackCompositeEgress: method(TrackCompositeEgressRequest, (value, claims) =>
      start(claims, value.roomName, { case: 'trackComposite', value }),
    ),
    StartTrackEgress: method(TrackEgressRequest, (value, claims) =>
      start(claims, value.roomName, { case: 'track', value }),
    ),
    ListEgress: method(ListEgressRequest, (request, claims) => {
      requireGrant(claims, 'roomRecord')
      const items = registry.list(request)
      if (request.egressId !== '' && items.length === 0)
        throw serviceError('not_found', 'egress does not exist')
      return new ListEgressResponse({ items })
    }),
    StopEgress: method(StopEgressRequest, async ({ egressId }, claims) => {
      running(claims, egressId, 'stopped')
      return passErrors(boundService().stopEgress(egressId))
    }),
    UpdateLayout: method(UpdateLayoutRequest, async ({ egressId, layout }, claims) => {
      running(claims, egressId, 'updated')
      const bound = boundService()
      if (!bound.updateLayout) throw serviceError('unimplemented', 'the layout cannot be changed')
      return passErrors(bound.updateLayout(egressId, layout))
    }),
    UpdateStream: method(UpdateStreamRequest, ({ egressId }, claims) => {
      running(claims, egressId, 'updated')
      throw serviceError('unimplemented', 'streams are not supported')
    }),
  }
}

/** As Go prints the enum. */
function statusName(status: EgressStatus): string {
  return `EGRESS_${(EgressStatus[status] ?? String(status)).replace(/^EGRESS_/, '')}`
}

/** What the Egress service says with a code reaches the caller; anything else is a fault of ours. */
async function passErrors(answer: Promise<EgressInfo>): Promise<EgressInfo> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof Error && 'code' in error && isTwirpCode(error.code))
      throw serviceError(error.code, error.message)
    throw error
  }
}
