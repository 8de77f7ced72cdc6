import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import {
  Codec,
  DisconnectReason,
  JoinResponse,
  LeaveRequest,
  LeaveRequest_Action,
  ParticipantInfo_State,
  ReconnectResponse,
  ServerInfo,
  ServerInfo_Edition,
  SignalResponse,
  type SignalRequest,
} from '@livekit/protocol'
import type { Logger } from 'pino'
import { WebSocketServer, type WebSocket } from 'ws'
import { withOwnWords, type Claims } from '../access-token/claims.ts'
import { requestToken } from '../access-token/request-token.ts'
import { TokenError, type TokenAuthority } from '../access-token/token-authority.ts'
import type { Counters } from '../counters.ts'
import type { Settings } from '../local-livekit-options.ts'
import type { MediaEnvironment } from '../room/media-session.ts'
import type { Participant } from '../room/participant.ts'
import type { RoomRegistry } from '../room/room-registry.ts'
import type { Room } from '../room/room.ts'
import { findOversized } from '../room/size-limits.ts'
import { ENABLED_MIME_TYPES } from '../sdp/codecs.ts'
import { handleSignalRequest } from './handle-signal-request.ts'
import { parseJoinRequest, parseQueryParameters, type JoinParameters } from './join-parameters.ts'
import { SignalConnection } from './signal-connection.ts'

/** The version whose behaviour is imitated; clients switch features on by it. */
export const SERVER_VERSION = '1.13.5'
const SIGNAL_PROTOCOL = 16
const MAX_FRAME_BYTES = 1024 * 1024
const MAX_CONNECTIONS = 1_000
/** WebSocket close code (RFC 6455, section 7.4.1). */
const NORMAL_CLOSURE = 1000
/** Most bytes of an identity or a room's name that livekit-server takes by default. */
const MAX_NAME_BYTES = 256
const NO_GRANT = 'no permissions to access the room'
/** A session that the server does not begin, for whatever reason. */
const SESSION_REFUSED: Refusal = { status: 500, text: 'connection closed by media' }
const TOKEN_REFRESH_INTERVAL_MS = 5 * 60_000

export interface SignalEndpointOptions {
  authority: TokenAuthority
  rooms: RoomRegistry
  environment: MediaEnvironment
  settings: Settings
  counters: Counters
  logger: Logger
}

interface Admission {
  readonly claims: Claims
  readonly roomName: string
  readonly parameters: JoinParameters
}

interface Refusal {
  readonly status: number
  readonly text: string
}

const CLOSING: Refusal = { status: 503, text: 'no response from servers' }

/** `/rtc` and `/rtc/v1`: lets clients join by WebSocket, and tells them why not at `…/validate`. */
export class SignalEndpoint {
  readonly #options: SignalEndpointOptions
  readonly #sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_FRAME_BYTES })
  readonly #refreshTimer: NodeJS.Timeout

  constructor(options: SignalEndpointOptions) {
    this.#options = options
    this.#refreshTimer = setInterval(() => {
      for (const room of options.rooms.all)
        for (const participant of room.participants) this.#refreshToken(participant)
    }, TOKEN_REFRESH_INTERVAL_MS)
  }

  /** Answers `GET /rtc/validate` and `GET /rtc/v1/validate`; what clients ask when their WebSocket was refused. */
  async validate(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const admission = await this.#admit(request, url, url.pathname.startsWith('/rtc/v1'), true)
    if ('status' in admission)
      response
        .writeHead(admission.status, { 'content-type': 'text/plain; charset=utf-8' })
        .end(admission.text)
    else response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' }).end('success')
  }

  /** Takes over a connection that asks to become a WebSocket. */
  async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, url: URL): Promise<void> {
    const isSingle = url.pathname === '/rtc/v1'
    if (url.pathname !== '/rtc' && !isSingle)
      return refuseUpgrade(socket, { status: 404, text: '404 page not found' })
    const admission = await this.#admit(request, url, isSingle, false)
    if ('status' in admission) return refuseUpgrade(socket, admission)
    if (!this.#canBegin(admission)) return refuseUpgrade(socket, SESSION_REFUSED)
    if (this.#sockets.clients.size >= MAX_CONNECTIONS)
      return refuseUpgrade(socket, { status: 503, text: 'too many connections' })
    if (socket.destroyed) return
    const { rooms, counters } = this.#options
    const room = rooms.ensure(admission.roomName, admission.claims.roomConfig)
    if (!room) return refuseUpgrade(socket, CLOSING)
    if (!admission.parameters.reconnect && room.isFullFor(admission.claims)) {
      counters.add('join-room-full')
      return refuseUpgrade(socket, SESSION_REFUSED)
    }
    this.#sockets.handleUpgrade(request, socket, head, (webSocket) => {
      // First of all: ws reports protocol violations (oversized or unmasked frames, bad UTF-8) here, and they end the
      // process where nobody listens. 'close' follows
      webSocket.on('error', () => counters.add('signal-protocol-error'))
      if (admission.parameters.reconnect) this.#resume(webSocket, room, admission)
      else this.#join(webSocket, room, admission)
    })
  }

  /** Cuts all connections. */
  close(): void {
    clearInterval(this.#refreshTimer)
    for (const socket of this.#sockets.clients) socket.terminate()
    this.#sockets.close()
  }

  /** Gives a client a fresh token for its next reconnect. */
  readonly #refreshToken = (participant: Participant): void => {
    if (!participant.signal) return
    this.#options.authority
      .issue(participant.claims)
      .then((value) => participant.send({ case: 'refreshToken', value }))
      .catch((error: unknown) => this.#options.logger.error({ err: error }, 'token refresh failed'))
  }

  get refreshToken(): (participant: Participant) => void {
    return this.#refreshToken
  }

  async #admit(
    request: IncomingMessage,
    url: URL,
    isSingle: boolean,
    strict: boolean,
  ): Promise<Admission | Refusal> {
    const token = requestToken(request, url)
    if (token === undefined || token === '') return { status: 401, text: NO_GRANT }
    let claims: Claims
    try {
      claims = await this.#options.authority.verify(token)
    } catch (error) {
      if (error instanceof TokenError) return { status: 401, text: error.message }
      throw error
    }
    if (!claims.video) return { status: 401, text: NO_GRANT }
    if (!claims.video.roomJoin) return { status: 401, text: 'permissions denied' }
    const roomName = claims.video.room ?? ''
    if (claims.sub === '') return { status: 400, text: 'identity cannot be empty' }
    if (Buffer.byteLength(claims.sub) > MAX_NAME_BYTES)
      return { status: 400, text: `participant identity length exceeds limits: max length ${MAX_NAME_BYTES}` }
    if (roomName === '') return { status: 400, text: 'no room name' }
    if (Buffer.byteLength(roomName) > MAX_NAME_BYTES)
      return { status: 400, text: `room name length exceeds limits: max length ${MAX_NAME_BYTES}` }
    const parameters = isSingle
      ? parseJoinRequest(url.searchParams)
      : parseQueryParameters(url.searchParams, strict)
    if ('error' in parameters) return { status: 400, text: parameters.error }
    const hasOwnWords = parameters.metadata !== '' || Object.keys(parameters.attributes).length > 0
    if (hasOwnWords && !claims.video.canUpdateOwnMetadata) return { status: 401, text: NO_GRANT }
    return { claims: withOwnWords(claims, parameters), roomName, parameters }
  }

  /** What livekit-server sees only when it begins the session. */
  #canBegin({ claims: { metadata, attributes, roomPreset = '' }, roomName }: Admission): boolean {
    const isPresetWanted = roomPreset !== '' && !this.#options.rooms.find(roomName)
    return findOversized({ metadata, attributes }) === undefined && !isPresetWanted
  }

  #join(socket: WebSocket, room: Room, { claims, roomName, parameters }: Admission): void {
    const { environment, settings } = this.#options
    const { mode, autoSubscribe, clientInfo, request } = parameters
    const participant = room.join({ claims, mode, autoSubscribe, clientInfo, environment })
    this.#attach(socket, room, participant)
    const others = room.participants.filter(
      (other) => other !== participant && other.isVisibleTo(participant),
    )
    participant.send({
      case: 'join',
      value: new JoinResponse({
        room: room.info,
        participant: participant.toInfo(),
        otherParticipants: others.map((other) => other.toInfo()),
        serverVersion: SERVER_VERSION,
        serverInfo: new ServerInfo({
          edition: ServerInfo_Edition.Standard,
          version: SERVER_VERSION,
          protocol: SIGNAL_PROTOCOL,
          nodeId: 'ND_local',
        }),
        subscriberPrimary: mode === 'dual',
        pingInterval: settings.pingIntervalSeconds,
        pingTimeout: settings.pingTimeoutSeconds,
        enabledPublishCodecs: ENABLED_MIME_TYPES.map((mime) => new Codec({ mime })),
        fastPublish: true,
      }),
    })
    participant.logger.info({ room: roomName, mode }, 'participant joined')
    room.welcome(participant)
    for (const track of request?.addTrackRequests ?? []) participant.addTrack(track)
    if (request?.publisherOffer) participant.onOffer(request.publisherOffer)
    this.#refreshToken(participant)
  }

  /** Gives a participant that lost its connection the new one; everything else goes on as it was. */
  #resume(socket: WebSocket, room: Room, { claims, roomName, parameters }: Admission): void {
    const participant = room.find(claims.sub)
    const isKnown =
      participant !== undefined &&
      !participant.media.closed &&
      (parameters.participantSid === '' || parameters.participantSid === participant.sid)
    if (!isKnown) {
      const value = new LeaveRequest({
        reason: DisconnectReason.STATE_MISMATCH,
        action: LeaveRequest_Action.RECONNECT,
      })
      socket.send(new SignalResponse({ message: { case: 'leave', value } }).toBinary())
      socket.close(NORMAL_CLOSURE)
      return
    }
    participant.signal?.close()
    this.#attach(socket, room, participant)
    const fault = participant.takeResumeFault()
    if (fault === 'before messages') {
      socket.close()
      return
    }
    participant.logger.info({ room: roomName }, 'participant resumed')
    participant.send({
      case: 'reconnect',
      value: new ReconnectResponse({
        serverInfo: new ServerInfo({
          edition: ServerInfo_Edition.Standard,
          version: SERVER_VERSION,
          protocol: SIGNAL_PROTOCOL,
          nodeId: 'ND_local',
        }),
        lastMessageSeq: participant.lastReliableSequence,
      }),
    })
    // What was missed meanwhile
    room.resync(participant)
    participant.media.restart()
    participant.media.negotiate()
    this.#refreshToken(participant)
    if (fault === 'after messages') socket.close()
  }

  #attach(socket: WebSocket, room: Room, participant: Participant): void {
    const { counters, settings, logger } = this.#options
    const connection: SignalConnection = new SignalConnection({
      socket,
      counters,
      idleTimeoutMs: settings.pingTimeoutSeconds * 1000,
      onRequest: (message: SignalRequest['message']) => {
        if (participant.hasLeft || participant.signal !== connection) return
        try {
          handleSignalRequest({ room, participant, refreshToken: this.#refreshToken }, message)
        } catch (error) {
          // A fault of ours: it costs this client its session, not the others theirs
          counters.add('signal-request-failed')
          logger.error(
            { err: error, participant: participant.identity, request: message.case },
            'signal request failed',
          )
          room.remove(participant, DisconnectReason.STATE_MISMATCH, LeaveRequest_Action.RECONNECT)
        }
      },
      onClosed: () => {
        if (participant.signal !== connection) return
        participant.signal = undefined
        // Who never got through has nothing to come back to
        if (participant.state === ParticipantInfo_State.JOINED)
          room.remove(participant, DisconnectReason.SIGNAL_CLOSE, 'nothing')
      },
    })
    participant.signal = connection
  }
}

function refuseUpgrade(socket: Duplex, { status, text }: Refusal): void {
  // A client that never closes its side must not keep the connection
  socket.once('finish', () => socket.destroy())
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Refused'}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(text)}\r\nConnection: close\r\n\r\n${text}`,
  )
}
