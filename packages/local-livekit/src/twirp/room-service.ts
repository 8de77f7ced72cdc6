import { setTimeout as delay } from 'node:timers/promises'
import {
  CreateRoomRequest,
  DataPacket,
  DataPacket_Kind,
  DeleteRoomRequest,
  DeleteRoomResponse,
  DisconnectReason,
  ForwardParticipantRequest,
  ListParticipantsRequest,
  ListParticipantsResponse,
  ListRoomsRequest,
  ListRoomsResponse,
  MoveParticipantRequest,
  MuteRoomTrackRequest,
  MuteRoomTrackResponse,
  MuteTrackRequest,
  RemoveParticipantResponse,
  RoomParticipantIdentity,
  SendDataRequest,
  SendDataResponse,
  UpdateParticipantRequest,
  UpdateRoomMetadataRequest,
  UpdateSubscriptionsRequest,
  UpdateSubscriptionsResponse,
  UserPacket,
} from '@livekit/protocol'
import type { Claims } from '../access-token/claims.ts'
import { NONCE_LENGTH } from '../room/nonce-memory.ts'
import type { Participant } from '../room/participant.ts'
import { UNKNOWN_PRESET, type RoomRegistry } from '../room/room-registry.ts'
import type { Room } from '../room/room.ts'
import { applyMetadata } from '../signalling/apply-metadata.ts'
import { requireDestination, requireGrant, requireRoomAdmin } from './require-grant.ts'
import { requireSize } from './require-size.ts'
import { TwirpError, serviceError } from './twirp-error.ts'
import { method, type TwirpService } from './twirp-method.ts'

const MAX_ROOM_NAME_LENGTH = 256

export interface RoomServiceOptions {
  rooms: RoomRegistry
  /** Sends a participant a token that tells of its present rights and metadata. */
  refreshToken: (participant: Participant) => void
  /** How long livekit-server waits for a node that serves a room nobody serves. */
  waitMs: number
}

/** `livekit.RoomService`. */
export function createRoomService({ rooms, refreshToken, waitMs }: RoomServiceOptions): TwirpService {
  const existingRoom = (name: string): Room => {
    const room = rooms.find(name)
    if (!room) throw serviceError('not_found', 'requested room does not exist')
    return room
  }
  const existingParticipant = (
    roomName: string,
    identity: string,
  ): { room: Room; participant: Participant } => {
    const room = rooms.find(roomName)
    const participant = room?.find(identity)
    if (!room || !participant) throw serviceError('not_found', 'participant does not exist')
    return { room, participant }
  }
  /** Calls that go straight to the node of a room time out when there is none. */
  const nobodyAnswers = async (): Promise<never> => {
    await delay(waitMs)
    throw serviceError('unavailable', 'no response from servers')
  }
  /** A single server moves nobody between rooms. */
  const bringToAnotherRoom = async (
    request: ForwardParticipantRequest | MoveParticipantRequest,
    claims: Claims | undefined,
  ): Promise<never> => {
    requireDestination(claims, request.room, request.destinationRoom)
    if (!rooms.find(request.room)?.find(request.identity)) return nobodyAnswers()
    throw serviceError('unknown', 'not implemented')
  }

  return {
    CreateRoom: method(CreateRoomRequest, (request, claims) => {
      requireGrant(claims, 'roomCreate')
      if (Buffer.byteLength(request.name) > MAX_ROOM_NAME_LENGTH)
        throw serviceError(
          'invalid_argument',
          `room name length exceeds limits: max length ${MAX_ROOM_NAME_LENGTH}`,
        )
      requireSize({ metadata: request.metadata })
      if (request.roomPreset !== '' && !rooms.find(request.name))
        throw serviceError('invalid_argument', UNKNOWN_PRESET)
      const room = rooms.ensure(request.name, request)
      // Only while the server closes
      if (!room) throw serviceError('unavailable', 'no response from servers')
      return room.info
    }),
    ListRooms: method(ListRoomsRequest, ({ names }, claims) => {
      requireGrant(claims, 'roomList')
      const listed = rooms.all.filter((room) => names.length === 0 || names.includes(room.name))
      return new ListRoomsResponse({ rooms: listed.map((room) => room.info) })
    }),
    DeleteRoom: method(DeleteRoomRequest, ({ room }, claims) => {
      requireGrant(claims, 'roomCreate')
      existingRoom(room).end(DisconnectReason.ROOM_DELETED)
      return new DeleteRoomResponse()
    }),
    UpdateRoomMetadata: method(UpdateRoomMetadataRequest, ({ room, metadata }, claims) => {
      requireSize({ metadata })
      requireRoomAdmin(claims, room)
      const found = existingRoom(room)
      found.setMetadata(metadata)
      return found.info
    }),
    ListParticipants: method(ListParticipantsRequest, ({ room }, claims) => {
      requireRoomAdmin(claims, room)
      const participants = rooms.find(room)?.participants ?? []
      return new ListParticipantsResponse({
        participants: participants.map((participant) => participant.toInfo()),
      })
    }),
    GetParticipant: method(RoomParticipantIdentity, ({ room, identity }, claims) => {
      requireRoomAdmin(claims, room)
      return existingParticipant(room, identity).participant.toInfo()
    }),
    RemoveParticipant: method(RoomParticipantIdentity, ({ room, identity }, claims) => {
      requireRoomAdmin(claims, room)
      const found = existingParticipant(room, identity)
      found.room.remove(found.participant, DisconnectReason.PARTICIPANT_REMOVED)
      return new RemoveParticipantResponse()
    }),
    UpdateParticipant: method(UpdateParticipantRequest, (request, claims) => {
      requireSize(request)
      requireRoomAdmin(claims, request.room)
      const { room, participant } = existingParticipant(request.room, request.identity)
      const isRenamed = applyMetadata(participant, request)
      const isPermitted = request.permission !== undefined && participant.setPermission(request.permission)
      if (isRenamed || isPermitted) {
        participant.touch()
        refreshToken(participant)
      }
      if (isPermitted) room.offerTracks(participant)
      return participant.toInfo()
    }),
    MutePublishedTrack: method(MuteRoomTrackRequest, async (request, claims) => {
      requireRoomAdmin(claims, request.room)
      const participant = rooms.find(request.room)?.find(request.identity)
      if (!participant) return nobodyAnswers()
      if (!request.muted) throw serviceError('failed_precondition', 'remote unmute not enabled')
      const publication = participant.publications.get(request.trackSid)
      if (!publication) return new MuteRoomTrackResponse()
      participant.setMuted(publication, true)
      participant.send({ case: 'mute', value: new MuteTrackRequest({ sid: publication.sid, muted: true }) })
      return new MuteRoomTrackResponse({ track: publication.info })
    }),
    UpdateSubscriptions: method(UpdateSubscriptionsRequest, async (request, claims) => {
      requireRoomAdmin(claims, request.room)
      const participant = rooms.find(request.room)?.find(request.identity)
      if (!participant) return nobodyAnswers()
      const sids = [...request.trackSids, ...request.participantTracks.flatMap((tracks) => tracks.trackSids)]
      participant.subscriptions.choose(sids, request.subscribe)
      participant.media.negotiate()
      return new UpdateSubscriptionsResponse()
    }),
    SendData: method(SendDataRequest, async (request, claims) => {
      requireRoomAdmin(claims, request.room)
      const nonceLength = request.nonce.length
      if (nonceLength !== 0 && nonceLength !== NONCE_LENGTH)
        throw new TwirpError(
          'invalid_argument',
          `nonce should be ${NONCE_LENGTH}-bytes or not present, got: ${nonceLength} bytes`,
        )
      const room = rooms.find(request.room)
      if (!room) return nobodyAnswers()
      const { data: payload, topic, nonce, destinationSids, destinationIdentities } = request
      const user = new UserPacket({
        payload,
        nonce,
        destinationSids,
        destinationIdentities,
        ...(topic !== undefined && { topic }),
      })
      const packet = new DataPacket({ destinationIdentities, value: { case: 'user', value: user } })
      room.data.send(
        packet,
        request.kind === DataPacket_Kind.LOSSY ? DataPacket_Kind.LOSSY : DataPacket_Kind.RELIABLE,
        undefined,
      )
      return new SendDataResponse()
    }),
    ForwardParticipant: method(ForwardParticipantRequest, bringToAnotherRoom),
    MoveParticipant: method(MoveParticipantRequest, bringToAnotherRoom),
  }
}
