import {
  Codec,
  DisconnectReason,
  LeaveRequest,
  LeaveRequest_Action,
  ParticipantInfo,
  ParticipantInfo_State,
  ParticipantUpdate,
  Room as RoomInfo,
  RoomUpdate,
  TrackInfo,
  type RoomConfiguration,
  type SubscriptionPermission,
} from '@livekit/protocol'
import type { Logger } from 'pino'
import { roleOf, type Claims } from '../access-token/claims.ts'
import { randomSid } from '../random-sid.ts'
import { ENABLED_MIME_TYPES } from '../sdp/codecs.ts'
import type { Settings } from '../local-livekit-options.ts'
import type { WebhookNews } from '../webhooks/webhook-notifier.ts'
import type { Counters } from '../counters.ts'
import { ConnectionQualityObserver } from './connection-quality.ts'
import { DataRelay } from './data-relay.ts'
import { isDependent } from './participant-role.ts'
import { Participant, type ParticipantHost, type ParticipantOptions } from './participant.ts'
import type { Publication } from './publication.ts'
import { SpeakerObserver } from './speaker-observer.ts'

export interface RoomOptions {
  name: string
  settings: Settings
  counters: Counters
  logger: Logger
  /** Announces a webhook of this room; they are delivered in this order. */
  notify: (news: WebhookNews) => void
  /** The room has ended and is to be forgotten. */
  onEnded: (room: Room) => void
}

/** What whoever creates a room may say about it; 0 and empty stand for the server's defaults. */
export type RoomCreation = Pick<
  RoomConfiguration,
  'emptyTimeout' | 'departureTimeout' | 'maxParticipants' | 'metadata'
>

/** A room: its participants, and the news among them. */
export class Room implements ParticipantHost {
  readonly info: RoomInfo
  readonly data: DataRelay
  readonly #options: RoomOptions
  readonly #participants = new Map<string, Participant>()
  readonly #speakers: SpeakerObserver
  readonly #quality: ConnectionQualityObserver
  #emptySinceMs = performance.now()
  #hadParticipants = false
  #status: 'open' | 'ended' = 'open'

  constructor(options: RoomOptions, creation?: RoomCreation) {
    this.#options = options
    const now = Date.now()
    this.info = new RoomInfo({
      sid: randomSid('RM_'),
      name: options.name,
      emptyTimeout: creation?.emptyTimeout || options.settings.emptyTimeoutSeconds,
      departureTimeout: creation?.departureTimeout || options.settings.departureTimeoutSeconds,
      maxParticipants: creation?.maxParticipants ?? 0,
      metadata: creation?.metadata ?? '',
      creationTime: BigInt(Math.floor(now / 1000)),
      creationTimeMs: BigInt(now),
      turnPassword: randomSid('ND_').slice(3),
      enabledCodecs: ENABLED_MIME_TYPES.map((mime) => new Codec({ mime })),
    })
    this.data = new DataRelay(() => this.#participants.values(), options.counters)
    this.#speakers = new SpeakerObserver(() => this.#participants.values())
    this.#quality = new ConnectionQualityObserver(() => this.#participants.values())
    options.notify({ event: 'room_started', room: this.info })
  }

  get name(): string {
    return this.info.name
  }

  get participants(): readonly Participant[] {
    return [...this.#participants.values()]
  }

  find(identity: string): Participant | undefined {
    return this.#participants.get(identity)
  }

  /** True when there is no place for who comes with these claims; who is in already would be replaced. */
  isFullFor(claims: Claims): boolean {
    const { maxParticipants } = this.info
    if (maxParticipants === 0 || isDependent(roleOf(claims))) return false
    const others = this.participants.filter((other) => !other.isDependent && other.identity !== claims.sub)
    return others.length >= maxParticipants
  }

  /** Lets somebody in; a participant with the same identity has to go. */
  join(options: Omit<ParticipantOptions, 'host' | 'logger'>): Participant {
    const former = this.#participants.get(options.claims.sub)
    if (former) this.remove(former, DisconnectReason.DUPLICATE_IDENTITY)
    const participant = new Participant({ ...options, host: this, logger: this.#options.logger })
    this.#participants.set(participant.identity, participant)
    if (!participant.isDependent) this.#hadParticipants = true
    this.#refreshInfo()
    return participant
  }

  /** Tells a newcomer's existence to the others, and the tracks that are there to the newcomer. */
  welcome(participant: Participant): void {
    participant.touch()
    this.offerTracks(participant)
  }

  /** Offers all tracks of the room to a participant and negotiates. */
  offerTracks(participant: Participant): void {
    for (const publisher of this.#participants.values())
      for (const publication of publisher.publications.values())
        participant.subscriptions.offer(publisher, publication)
    participant.media.negotiate()
  }

  /** Tells a participant that resumed everything it may have missed. */
  resync(participant: Participant): void {
    const visible = this.participants.filter((other) => other.isVisibleTo(participant))
    participant.send({ case: 'roomUpdate', value: new RoomUpdate({ room: this.info }) })
    participant.send({
      case: 'update',
      value: new ParticipantUpdate({ participants: visible.map((other) => other.toInfo()) }),
    })
  }

  /** Ends a participant. `tell` is what it is told to do; nothing when it left by itself. */
  remove(
    participant: Participant,
    reason: DisconnectReason,
    tell: LeaveRequest_Action | 'nothing' = LeaveRequest_Action.DISCONNECT,
  ): void {
    if (participant.hasLeft) return
    const wasActive = participant.state === ParticipantInfo_State.ACTIVE
    if (tell !== 'nothing')
      participant.send({
        case: 'leave',
        value: new LeaveRequest({
          reason,
          action: tell,
          canReconnect: tell !== LeaveRequest_Action.DISCONNECT,
        }),
      })
    participant.close(reason)
    if (this.#participants.get(participant.identity) === participant)
      this.#participants.delete(participant.identity)
    this.#speakers.forget(participant)
    this.#quality.forget(participant)
    this.announce(participant)
    participant.logger.info({ room: this.name, reason: DisconnectReason[reason] }, 'participant left')
    // The empty timeout counts from the room's beginning, whatever recorders come and go
    if (this.#hadParticipants && this.#countIndependent() === 0) this.#emptySinceMs = performance.now()
    this.#refreshInfo()
    this.#options.notify({
      event: wasActive ? 'participant_left' : 'participant_connection_aborted',
      room: this.info,
      participant: participant.toInfo(),
    })
  }

  setMetadata(metadata: string): void {
    this.info.metadata = metadata
    this.#sendRoomUpdate()
  }

  /** Sets who may subscribe to a publisher's tracks. */
  setSubscriptionPermission(publisher: Participant, permission: SubscriptionPermission): void {
    publisher.subscriptionPermission = permission
    for (const participant of this.#participants.values()) {
      if (participant === publisher) continue
      for (const publication of publisher.publications.values())
        participant.subscriptions.recheck(publisher, publication)
      participant.media.negotiate()
    }
  }

  /** Ends the room for everybody. */
  end(reason: DisconnectReason): void {
    if (this.#status === 'ended') return
    this.#status = 'ended'
    for (const participant of this.participants) this.remove(participant, reason)
    this.#options.notify({ event: 'room_finished', room: this.info })
    this.#options.onEnded(this)
  }

  /** Chooses simulcast layers; a few times a second. */
  selectLayers(nowMs: number): void {
    for (const participant of this.#participants.values()) participant.media.selectLayers(nowMs)
  }

  updateSpeakers(): void {
    this.#speakers.update()
  }

  /** What is due once a second: reports, silent participants, and the end of an empty room. */
  tick(nowMs: number): void {
    for (const participant of this.participants) {
      participant.media.sendReports(nowMs)
      for (const publication of participant.publications.values())
        participant.dynacast.update(publication, nowMs)
      this.#checkSilence(participant)
    }
    this.#quality.update(nowMs)
    if (this.#countIndependent() > 0) return
    const timeoutSeconds = this.#hadParticipants ? this.info.departureTimeout : this.info.emptyTimeout
    if (nowMs - this.#emptySinceMs >= timeoutSeconds * 1000) this.end(DisconnectReason.ROOM_CLOSED)
  }

  announce(participant: Participant): void {
    const value = new ParticipantUpdate({ participants: [participant.toInfo()] })
    for (const viewer of this.#participants.values())
      if (participant.isVisibleTo(viewer)) viewer.send({ case: 'update', value })
  }

  onActive(participant: Participant): void {
    this.#options.notify({ event: 'participant_joined', room: this.info, participant: participant.toInfo() })
  }

  onPublished(publisher: Participant, publication: Publication): void {
    publisher.logger.info(
      { room: this.name, trackSid: publication.sid, mimeType: publication.info.mimeType },
      'track published',
    )
    this.#refreshInfo()
    this.#notifyTrack('track_published', publisher, publication)
    for (const participant of this.#participants.values()) {
      if (participant === publisher) continue
      participant.subscriptions.offer(publisher, publication)
      participant.media.negotiate()
    }
  }

  onUnpublished(publisher: Participant, publication: Publication): void {
    for (const participant of this.#participants.values()) {
      participant.subscriptions.forget(publication.sid)
      participant.media.negotiate()
    }
    this.#notifyTrack('track_unpublished', publisher, publication)
  }

  onSubscription(subscriber: Participant, publisher: Participant, subscribed: boolean): void {
    this.#speakers.onSubscription(subscriber, publisher, subscribed)
    if (subscribed) this.#quality.onSubscribed(subscriber, publisher)
  }

  simulateSpeaker(participant: Participant, seconds: number): void {
    this.#speakers.simulate(participant, seconds)
  }

  onDataMessage(participant: Participant, label: string, data: Buffer): void {
    this.data.onMessage(participant, label, data)
  }

  onMediaFailed(participant: Participant, reason: string): void {
    participant.logger.info({ reason }, 'media transport ended')
  }

  findPublication(trackSid: string): { publisher: Participant; publication: Publication } | undefined {
    for (const publisher of this.#participants.values()) {
      const publication = publisher.publications.get(trackSid)
      if (publication) return { publisher, publication }
    }
    return undefined
  }

  /** Track events carry no more than the names of room and participant, as livekit-server's do. */
  #notifyTrack(
    event: 'track_published' | 'track_unpublished',
    publisher: Participant,
    publication: Publication,
  ): void {
    this.#options.notify({
      event,
      room: new RoomInfo({ sid: this.info.sid, name: this.info.name }),
      participant: new ParticipantInfo({ sid: publisher.sid, identity: publisher.identity }),
      track: new TrackInfo(publication.info),
    })
  }

  /** livekit-server gives ICE and DTLS a limited time, too, and ends a media path that fell silent. */
  #checkSilence(participant: Participant): void {
    const { media, signal } = participant
    const isSilent = media.silenceMs >= this.#options.settings.mediaTimeoutSeconds * 1000
    if (!media.closed && !isSilent) return
    // A client that is still there has to start over
    this.remove(
      participant,
      signal && media.closed ? DisconnectReason.MEDIA_FAILURE : DisconnectReason.CONNECTION_TIMEOUT,
      signal ? LeaveRequest_Action.RECONNECT : 'nothing',
    )
  }

  #countIndependent(): number {
    let count = 0
    for (const participant of this.#participants.values()) if (!participant.isDependent) count++
    return count
  }

  #refreshInfo(): void {
    let publishers = 0
    let isRecording = false
    for (const participant of this.#participants.values()) {
      if (participant.isPublisher) publishers++
      if (participant.isRecorder) isRecording = true
    }
    const count = this.#countIndependent()
    const { info } = this
    if (
      info.numParticipants === count &&
      info.numPublishers === publishers &&
      info.activeRecording === isRecording
    )
      return
    info.numParticipants = count
    info.numPublishers = publishers
    info.activeRecording = isRecording
    this.#sendRoomUpdate()
  }

  #sendRoomUpdate(): void {
    const value = new RoomUpdate({ room: this.info })
    for (const participant of this.#participants.values()) participant.send({ case: 'roomUpdate', value })
  }
}
