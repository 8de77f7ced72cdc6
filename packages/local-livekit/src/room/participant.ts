import {
  DisconnectReason,
  ParticipantInfo,
  type ParticipantInfo_Kind,
  ParticipantInfo_State,
  RequestResponse,
  RequestResponse_Reason,
  TrackPublishedResponse,
  TrackType,
  TrackUnpublishedResponse,
  type AddTrackRequest,
  type ClientInfo,
  type ParticipantPermission,
  type SessionDescription,
  type SignalResponse,
  type SubscriptionPermission,
  type TrackSource,
} from '@livekit/protocol'
import type { PartialMessage } from '@bufbuild/protobuf'
import type { Logger } from 'pino'
import { roleOf, withPermission, type Claims } from '../access-token/claims.ts'
import { UplinkTrack } from '../forwarding/uplink-track.ts'
import { randomSid } from '../random-sid.ts'
import { Dynacast } from './dynacast.ts'
import { MediaSession, type MediaEnvironment, type PublishedSection } from './media-session.ts'
import { isAgent, isDependent, isRecorder } from './participant-role.ts'
import { Publication } from './publication.ts'
import { SpeakerLevel } from './speaker-level.ts'
import { Subscriptions } from './subscriptions.ts'

/** A signal message to a client. */
export type SignalMessage = SignalResponse['message']

/** The WebSocket of a participant. */
export interface SignalLink {
  send(message: SignalMessage): void
  close(): void
}

/** What a participant tells its room. */
export interface ParticipantHost {
  /** Something others see has changed. */
  announce(participant: Participant): void
  onActive(participant: Participant): void
  onPublished(publisher: Participant, publication: Publication): void
  onUnpublished(publisher: Participant, publication: Publication): void
  /** A participant has its first track of a publisher, or none any more. */
  onSubscription(subscriber: Participant, publisher: Participant, subscribed: boolean): void
  onDataMessage(participant: Participant, label: string, data: Buffer): void
  /** The media path is gone for good. */
  onMediaFailed(participant: Participant, reason: string): void
  findPublication(trackSid: string): { publisher: Participant; publication: Publication } | undefined
}

export interface ParticipantOptions {
  claims: Claims
  mode: 'single' | 'dual'
  autoSubscribe: boolean
  clientInfo: ClientInfo | undefined
  environment: MediaEnvironment
  host: ParticipantHost
  logger: Logger
}

/** When a resume loses its connection again, as a client asks for to test itself. */
export type ResumeFault = 'before messages' | 'after messages'

const MAX_PUBLICATIONS = 64
/** A simulated fault that nobody has run into by then is forgotten, as livekit-server does. */
const RESUME_FAULT_MS = 5_000

/** One client in a room: who it is, what it may do, what it publishes and receives. */
export class Participant {
  readonly sid = randomSid('PA_')
  readonly identity: string
  readonly kind: ParticipantInfo_Kind
  readonly mode: 'single' | 'dual'
  readonly media: MediaSession
  readonly subscriptions: Subscriptions
  readonly publications = new Map<string, Publication>()
  readonly speakerLevel = new SpeakerLevel()
  readonly dynacast = new Dynacast((message) => this.send(message))
  /** The token's claims, kept up to date for token refreshes. */
  claims: Claims
  name: string
  metadata: string
  attributes: Record<string, string>
  permission: ParticipantPermission
  /** Who may subscribe to this participant's tracks; undefined: everybody. */
  subscriptionPermission: SubscriptionPermission | undefined
  state = ParticipantInfo_State.JOINED
  disconnectReason = DisconnectReason.UNKNOWN_REASON
  signal: SignalLink | undefined
  /** Sequence number of the last reliable data packet of this participant; told to it when it resumes. */
  lastReliableSequence = 0
  #resumeFault: { when: ResumeFault; untilMs: number } | undefined
  #hasPublished = false
  #version = 0
  #sections: readonly PublishedSection[] = []
  readonly #joinedAtMs = Date.now()
  readonly #host: ParticipantHost
  readonly #clientInfo: ClientInfo | undefined
  readonly logger: Logger

  constructor(options: ParticipantOptions) {
    const { claims, host } = options
    this.#host = host
    this.claims = claims
    this.mode = options.mode
    this.identity = claims.sub
    const { kind, permission } = roleOf(claims)
    this.kind = kind
    this.permission = permission
    this.name = claims.name
    this.metadata = claims.metadata
    this.attributes = { ...claims.attributes }
    this.logger = options.logger.child({ participant: this.identity, participantSid: this.sid })
    this.#clientInfo = options.clientInfo
    this.media = new MediaSession(options.mode, options.environment, {
      wantedCodec: (trackId) => this.#findByCid(trackId)?.wantedCodec,
      onSections: (sections) => this.#onSections(sections),
      onConnected: () => this.#onConnected(),
      onDataMessage: (label, data) => host.onDataMessage(this, label, data),
      sendOffer: (value) => this.send({ case: 'offer', value }),
      requestOffer: (value) => this.send({ case: 'mediaSectionsRequirement', value }),
      onFailed: (reason) => host.onMediaFailed(this, reason),
    })
    this.subscriptions = new Subscriptions(this, {
      autoSubscribe: options.autoSubscribe,
      find: (sid) => host.findPublication(sid),
      onPublisher: (publisher, subscribed) => host.onSubscription(this, publisher, subscribed),
    })
  }

  get isRecorder(): boolean {
    return isRecorder(this)
  }

  get isAgent(): boolean {
    return isAgent(this)
  }

  get isDependent(): boolean {
    return isDependent(this)
  }

  get hasLeft(): boolean {
    return this.state === ParticipantInfo_State.DISCONNECTED
  }

  /** True when this participant's existence is shown to `viewer`. */
  isVisibleTo(viewer: Participant): boolean {
    return viewer === this || !this.permission.hidden
  }

  /** Sends a signal message; it is lost when there is no connection. */
  send(message: SignalMessage): void {
    this.signal?.send(message)
  }

  /** As others see it; each change has a new version. */
  toInfo(): ParticipantInfo {
    const tracks = [...this.publications.values()]
      .filter((publication) => publication.uplink)
      .map((publication) => publication.info)
    return new ParticipantInfo({
      sid: this.sid,
      identity: this.identity,
      name: this.name,
      state: this.state,
      metadata: this.metadata,
      attributes: this.attributes,
      tracks,
      joinedAt: BigInt(Math.floor(this.#joinedAtMs / 1000)),
      joinedAtMs: BigInt(this.#joinedAtMs),
      version: this.#version,
      permission: this.permission,
      isPublisher: this.#hasPublished,
      kind: this.kind,
      disconnectReason: this.disconnectReason,
      clientProtocol: this.#clientInfo?.clientProtocol ?? 0,
      capabilities: this.#clientInfo?.capabilities ?? [],
    })
  }

  get isPublisher(): boolean {
    return this.#hasPublished
  }

  failNextResume(when: ResumeFault): void {
    this.#resumeFault = { when, untilMs: performance.now() + RESUME_FAULT_MS }
  }

  /** What is to go wrong with a resume that happens now; it does so once. */
  takeResumeFault(): ResumeFault | undefined {
    const fault = this.#resumeFault
    this.#resumeFault = undefined
    return fault && performance.now() < fault.untilMs ? fault.when : undefined
  }

  /** Something others see has changed: gives it a new version and tells the room. */
  touch(): void {
    this.#version++
    this.#host.announce(this)
  }

  /** Tells the client that its request is refused. */
  refuse(reason: RequestResponse_Reason, refused: PartialMessage<RequestResponse>): void {
    this.send({ case: 'requestResponse', value: new RequestResponse({ ...refused, reason }) })
  }

  /** The client wants to publish a track. */
  addTrack(value: AddTrackRequest): void {
    const refuse = (reason: RequestResponse_Reason): void =>
      this.refuse(reason, { request: { case: 'addTrack', value } })
    if (!this.mayPublish(value.source)) return refuse(RequestResponse_Reason.NOT_ALLOWED)
    if (value.type === TrackType.DATA) return refuse(RequestResponse_Reason.UNSUPPORTED_TYPE)
    if (value.sid !== '') {
      // A sid names a track that gets a second codec; one codec per track is served here
      if (!this.publications.get(value.sid)?.uplink) refuse(RequestResponse_Reason.NOT_FOUND)
      return
    }
    let publication = this.#findByCid(value.cid)
    if (!publication) {
      if (this.publications.size >= MAX_PUBLICATIONS) return refuse(RequestResponse_Reason.LIMIT_EXCEEDED)
      publication = new Publication(value)
      this.publications.set(publication.sid, publication)
    }
    this.send({
      case: 'trackPublished',
      value: new TrackPublishedResponse({ cid: value.cid, track: publication.info }),
    })
    this.#attachSections()
  }

  mayPublish(source: TrackSource): boolean {
    const { canPublish, canPublishSources } = this.permission
    return canPublish && (canPublishSources.length === 0 || canPublishSources.includes(source))
  }

  /** Ends a publication, whoever wanted it. */
  unpublish(publication: Publication): void {
    if (!this.publications.delete(publication.sid)) return
    this.dynacast.forget(publication.sid)
    if (!publication.uplink) return
    this.media.unbindUplink(publication.uplink)
    this.#host.onUnpublished(this, publication)
    if (this.hasLeft) return
    this.send({
      case: 'trackUnpublished',
      value: new TrackUnpublishedResponse({ trackSid: publication.sid }),
    })
    this.touch()
  }

  setMuted(publication: Publication, muted: boolean): void {
    if (publication.info.muted === muted) return
    publication.info.muted = muted
    publication.uplink?.setMuted(muted, performance.now())
    this.touch()
  }

  /** Answers the client's offer. The answer has all candidates, so none are trickled. */
  onOffer(offer: SessionDescription): void {
    const answer = this.media.onOffer(offer)
    if ('error' in answer) {
      this.logger.warn({ error: answer.error }, 'offer refused')
      return
    }
    this.send({ case: 'answer', value: answer })
    this.media.afterAnswer()
  }

  /**
   * Replaces the permission; what is no longer allowed ends at once.
   * @returns whether it is another one
   */
  setPermission(permission: ParticipantPermission): boolean {
    if (this.permission.equals(permission)) return false
    const couldSubscribe = this.permission.canSubscribe
    this.permission = permission
    this.claims = withPermission(this.claims, permission)
    for (const publication of this.publications.values())
      if (!this.mayPublish(publication.info.source)) this.unpublish(publication)
    if (couldSubscribe && !permission.canSubscribe) this.subscriptions.clear()
    return true
  }

  /** Ends everything; the room has already let go. */
  close(reason: DisconnectReason): void {
    if (this.hasLeft) return
    this.state = ParticipantInfo_State.DISCONNECTED
    this.disconnectReason = reason
    this.#version++
    for (const publication of this.publications.values()) this.unpublish(publication)
    this.subscriptions.clear()
    this.media.close()
    this.signal?.close()
    this.signal = undefined
  }

  #onConnected(): void {
    if (this.state !== ParticipantInfo_State.JOINED) return
    this.state = ParticipantInfo_State.ACTIVE
    this.touch()
    this.#host.onActive(this)
  }

  #findByCid(cid: string): Publication | undefined {
    for (const publication of this.publications.values()) if (publication.matches(cid)) return publication
    return undefined
  }

  #onSections(sections: readonly PublishedSection[]): void {
    this.#sections = sections
    for (const publication of this.publications.values()) {
      const section = sections.find(
        (candidate) => candidate.mid === publication.info.mid && publication.matches(candidate.trackId),
      )
      if (publication.uplink && !section) this.unpublish(publication)
    }
    this.#attachSections()
  }

  /** Section and announcement of a track come in either order; when both are there it is published. */
  #attachSections(): void {
    for (const section of this.#sections) {
      const publication = this.#findByCid(section.trackId)
      if (!publication || publication.uplink) continue
      const uplink = new UplinkTrack({
        trackSid: publication.sid,
        kind: section.kind,
        codec: section.codec,
        clockRate: section.clockRate,
        rids: section.rids,
        syncGroup: publication.syncGroup,
        audioLevelId: section.audioLevelId,
        dependencyDescriptorId: section.dependencyDescriptorId,
        muted: publication.info.muted,
        sendRtcp: (packet) => this.media.publisher.sendRtcp(packet),
        onAudioLevel: (level) => this.speakerLevel.observe(level),
      })
      publication.attach(uplink, section.mid)
      this.media.bindUplink(section, uplink)
      this.#hasPublished = true
      this.touch()
      this.#host.onPublished(this, publication)
    }
  }
}
