import {
  DisconnectReason,
  LeaveRequest_Action,
  Pong,
  RequestResponse,
  RequestResponse_Reason,
  type GetDataBlobRequest,
  type PublishDataTrackRequest,
  type SignalRequest,
  type SimulateScenario,
  type UpdateParticipantMetadata,
} from '@livekit/protocol'
import type { Participant } from '../room/participant.ts'
import type { Room } from '../room/room.ts'
import { findOversized } from '../room/size-limits.ts'
import { applyMetadata } from './apply-metadata.ts'

const { INVALID_REQUEST, NOT_ALLOWED, NOT_FOUND, UNSUPPORTED_TYPE } = RequestResponse_Reason

/** What a request may need beyond participant and room. */
export interface SignalContext {
  readonly room: Room
  readonly participant: Participant
  /** Sends the client a token that tells of its present name and metadata. */
  readonly refreshToken: (participant: Participant) => void
}

/** Carries out one request of a client. */
export function handleSignalRequest(context: SignalContext, message: SignalRequest['message']): void {
  const { room, participant } = context
  switch (message.case) {
    case 'ping':
      participant.send({ case: 'pong', value: BigInt(Date.now()) })
      return
    case 'pingReq':
      participant.send({
        case: 'pongResp',
        value: new Pong({ lastPingTimestamp: message.value.timestamp, timestamp: BigInt(Date.now()) }),
      })
      return
    case 'addTrack':
      participant.addTrack(message.value)
      return
    case 'offer':
      participant.onOffer(message.value)
      return
    case 'answer': {
      const error = participant.media.onAnswer(message.value)
      if (error !== undefined) participant.logger.warn({ error }, 'answer refused')
      return
    }
    case 'mute': {
      const publication = participant.publications.get(message.value.sid)
      if (publication) participant.setMuted(publication, message.value.muted)
      else participant.refuse(NOT_FOUND, { request: message })
      return
    }
    case 'trackSetting':
      participant.subscriptions.configure(message.value)
      return
    case 'subscription': {
      const sids = [
        ...message.value.trackSids,
        ...message.value.participantTracks.flatMap((tracks) => tracks.trackSids),
      ]
      participant.subscriptions.choose(sids, message.value.subscribe)
      participant.media.negotiate()
      return
    }
    case 'subscriptionPermission':
      room.setSubscriptionPermission(participant, message.value)
      return
    case 'updateMetadata':
      updateMetadata(context, message.value)
      return
    case 'updateAudioTrack': {
      const publication = participant.publications.get(message.value.trackSid)
      if (!publication) return participant.refuse(NOT_FOUND, { request: message })
      publication.info.audioFeatures = message.value.features
      participant.touch()
      return
    }
    case 'updateVideoTrack': {
      const publication = participant.publications.get(message.value.trackSid)
      if (!publication) return participant.refuse(NOT_FOUND, { request: message })
      publication.info.width = message.value.width
      publication.info.height = message.value.height
      participant.touch()
      return
    }
    case 'updateLayers': {
      const publication = participant.publications.get(message.value.trackSid)
      if (!publication) return
      publication.info.layers = message.value.layers
      participant.touch()
      return
    }
    case 'leave':
      room.remove(participant, DisconnectReason.CLIENT_INITIATED, 'nothing')
      return
    case 'simulate':
      simulate(context, message.value)
      return
    case 'publishDataTrackRequest':
      refuseDataTrack(participant, message.value)
      return
    case 'unpublishDataTrackRequest':
      participant.refuse(NOT_FOUND, { request: { case: 'unpublishDataTrack', value: message.value } })
      return
    case 'storeDataBlobRequest':
      participant.refuse(NOT_ALLOWED, {
        requestId: message.value.requestId,
        message: 'data blob not enabled',
      })
      return
    case 'getDataBlobRequest':
      refuseDataBlob(context, message.value)
      return
    // The client's candidates are not needed (ICE-lite), and its sync state only where transports were lost
    case 'trickle':
    case 'syncState':
    case 'updateDataSubscription':
    case undefined:
      return
  }
}

function refuseDataTrack(participant: Participant, value: PublishDataTrackRequest): void {
  const request = { case: 'publishDataTrack', value } as const
  if (participant.permission.canPublishData)
    participant.refuse(UNSUPPORTED_TYPE, { request, message: 'data tracks are not supported' })
  else participant.refuse(NOT_ALLOWED, { request, message: 'does not have permission to publish data' })
}

/** Nobody has stored any. */
function refuseDataBlob(
  { room, participant }: SignalContext,
  { requestId, key, participantIdentity }: GetDataBlobRequest,
): void {
  if (!key) participant.refuse(INVALID_REQUEST, { requestId, message: 'data blob key is required' })
  else if (room.find(participantIdentity))
    participant.refuse(NOT_FOUND, { requestId, message: 'data blob not found' })
  else participant.refuse(NOT_FOUND, { requestId, message: 'participant not found' })
}

function updateMetadata(
  { participant, refreshToken }: SignalContext,
  request: UpdateParticipantMetadata,
): void {
  const response = new RequestResponse({
    requestId: request.requestId,
    request: { case: 'updateMetadata', value: request },
  })
  const oversized = findOversized(request)
  if (!participant.permission.canUpdateMetadata) {
    response.reason = RequestResponse_Reason.NOT_ALLOWED
    response.message = 'does not have permission to update own metadata'
  } else if (oversized !== undefined) {
    response.reason = RequestResponse_Reason.LIMIT_EXCEEDED
    response.message = `exceeds ${oversized} ${oversized === 'name' ? 'length' : 'size'} limit`
  } else {
    const isChange = applyMetadata(participant, request)
    if (isChange) {
      participant.touch()
      refreshToken(participant)
    }
  }
  participant.send({ case: 'requestResponse', value: response })
}

/** Faults a client may ask for to test itself; the same ones as livekit-server's. */
function simulate({ room, participant }: SignalContext, { scenario }: SimulateScenario): void {
  switch (scenario.case) {
    case 'speakerUpdate':
      room.simulateSpeaker(participant, scenario.value)
      return
    case 'nodeFailure':
      room.remove(participant, DisconnectReason.CLIENT_INITIATED, 'nothing')
      return
    case 'migration':
      room.remove(participant, DisconnectReason.STATE_MISMATCH, LeaveRequest_Action.RECONNECT)
      return
    case 'serverLeave':
      room.remove(participant, DisconnectReason.SERVER_SHUTDOWN)
      return
    case 'disconnectSignalOnResume':
      participant.failNextResume('after messages')
      return
    case 'disconnectSignalOnResumeNoMessages':
      participant.failNextResume('before messages')
      return
    case 'switchCandidateProtocol':
    case 'subscriberBandwidth':
    case 'leaveRequestFullReconnect':
    case undefined:
      return
  }
}
