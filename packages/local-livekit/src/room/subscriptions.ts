import {
  SubscriptionPermissionUpdate,
  TrackSubscribed,
  type UpdateTrackSettings,
  type VideoQuality,
} from '@livekit/protocol'
import type { DownlinkTrack } from '../forwarding/downlink-track.ts'
import type { Participant } from './participant.ts'
import type { Publication } from './publication.ts'

interface Subscription {
  readonly publisher: Participant
  readonly publication: Publication
  readonly downlink: DownlinkTrack
}

interface Wish {
  readonly disabled: boolean
  readonly quality: VideoQuality
  readonly width: number
  readonly height: number
}

export interface SubscriptionsOptions {
  autoSubscribe: boolean
  find: (trackSid: string) => { publisher: Participant; publication: Publication } | undefined
  /** The first track of a publisher is subscribed to, or the last one no more. */
  onPublisher: (publisher: Participant, subscribed: boolean) => void
}

/** A client may name any sid; wishes for tracks that are not there yet are kept up to this number. */
const MAX_WISHES = 1_000

/** What one participant receives. */
export class Subscriptions {
  autoSubscribe: boolean
  readonly #subscriber: Participant
  readonly #find: SubscriptionsOptions['find']
  readonly #onPublisher: SubscriptionsOptions['onPublisher']
  readonly #active = new Map<string, Subscription>()
  /** Explicit yes or no to a track, which overrides `autoSubscribe`. */
  readonly #explicit = new Map<string, boolean>()
  readonly #wishes = new Map<string, Wish>()
  readonly #refused = new Set<string>()

  constructor(subscriber: Participant, options: SubscriptionsOptions) {
    this.#subscriber = subscriber
    this.autoSubscribe = options.autoSubscribe
    this.#find = options.find
    this.#onPublisher = options.onPublisher
  }

  get active(): Iterable<Subscription> {
    return this.#active.values()
  }

  has(trackSid: string): boolean {
    return this.#active.has(trackSid)
  }

  /** Those of whom there is a track. */
  get publishers(): ReadonlySet<Participant> {
    return new Set([...this.#active.values()].map(({ publisher }) => publisher))
  }

  /** Whether there is a track of a publisher. */
  includes(publisher: Participant): boolean {
    for (const subscription of this.#active.values()) if (subscription.publisher === publisher) return true
    return false
  }

  /** A track is there: subscribes to it when wanted and allowed. The caller negotiates. */
  offer(publisher: Participant, publication: Publication): void {
    const { sid, uplink } = publication
    if (!uplink || publisher === this.#subscriber || this.#active.has(sid)) return
    if (!(this.#explicit.get(sid) ?? this.autoSubscribe) || !this.#subscriber.permission.canSubscribe) return
    if (!this.#isAllowed(publisher, publication)) return this.#refuse(publisher, publication)
    if (this.#refused.delete(sid)) this.#tellPermission(publisher, sid, true)
    const downlink = this.#subscriber.media.subscribe(uplink, publisher.sid)
    const isFirst = !this.includes(publisher)
    this.#active.set(sid, { publisher, publication, downlink })
    if (isFirst) this.#onPublisher(publisher, true)
    this.#apply(sid)
    publisher.send({ case: 'trackSubscribed', value: new TrackSubscribed({ trackSid: sid }) })
    publisher.dynacast.update(publication, null)
  }

  /** The client's (or an API caller's) explicit choice; the caller negotiates. */
  choose(trackSids: readonly string[], subscribe: boolean): void {
    for (const sid of trackSids) {
      if (this.#explicit.has(sid) || this.#explicit.size < MAX_WISHES) this.#explicit.set(sid, subscribe)
      if (!subscribe) {
        this.drop(sid)
        continue
      }
      const found = this.#find(sid)
      if (found) this.offer(found.publisher, found.publication)
    }
  }

  /** Stops receiving a track; the caller negotiates. */
  drop(trackSid: string): void {
    const subscription = this.#active.get(trackSid)
    if (!subscription) return
    this.#active.delete(trackSid)
    this.#subscriber.media.unsubscribe(subscription.downlink)
    if (!this.includes(subscription.publisher)) this.#onPublisher(subscription.publisher, false)
  }

  /** A publication ended: forgets everything about it. */
  forget(trackSid: string): void {
    this.drop(trackSid)
    this.#explicit.delete(trackSid)
    this.#wishes.delete(trackSid)
    this.#refused.delete(trackSid)
  }

  /** Drops what the publisher's permissions no longer allow, takes what they newly allow. The caller negotiates. */
  recheck(publisher: Participant, publication: Publication): void {
    if (this.#active.has(publication.sid) && !this.#isAllowed(publisher, publication)) {
      this.drop(publication.sid)
      this.#refuse(publisher, publication)
    } else this.offer(publisher, publication)
  }

  /** What the client wants to see of its tracks now. */
  configure(settings: UpdateTrackSettings): void {
    const { disabled, quality, width, height } = settings
    for (const sid of settings.trackSids) {
      if (!this.#wishes.has(sid) && this.#wishes.size >= MAX_WISHES) continue
      this.#wishes.set(sid, { disabled, quality, width, height })
      this.#apply(sid)
    }
  }

  clear(): void {
    for (const sid of this.#active.keys()) this.drop(sid)
  }

  #apply(trackSid: string): void {
    const subscription = this.#active.get(trackSid)
    const wish = this.#wishes.get(trackSid)
    if (!subscription || !wish) return
    const { downlink, publication, publisher } = subscription
    const nowMs = performance.now()
    const resumes = downlink.paused && !wish.disabled
    downlink.paused = wish.disabled
    downlink.setMaxLayer(publication.layerFor(wish.quality, wish.width, wish.height), nowMs)
    // What was not sent meanwhile can't be decoded upon
    if (resumes) downlink.onKeyframeRequest(nowMs)
    publisher.dynacast.update(publication, null)
  }

  /** What the publisher's own rules say. */
  #isAllowed(publisher: Participant, publication: Publication): boolean {
    const rules = publisher.subscriptionPermission
    if (!rules || rules.allParticipants || this.#subscriber.isRecorder) return true
    return rules.trackPermissions.some(
      (rule) =>
        (rule.participantIdentity === this.#subscriber.identity ||
          rule.participantSid === this.#subscriber.sid) &&
        (rule.allTracks || rule.trackSids.includes(publication.sid)),
    )
  }

  #refuse(publisher: Participant, publication: Publication): void {
    if (this.#refused.has(publication.sid)) return
    this.#refused.add(publication.sid)
    this.#tellPermission(publisher, publication.sid, false)
  }

  #tellPermission(publisher: Participant, trackSid: string, allowed: boolean): void {
    this.#subscriber.send({
      case: 'subscriptionPermissionUpdate',
      value: new SubscriptionPermissionUpdate({ participantSid: publisher.sid, trackSid, allowed }),
    })
  }
}
