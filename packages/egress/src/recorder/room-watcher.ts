import type {
  RemoteParticipant,
  RemoteTrack,
  RemoteTrackPublication,
  Room,
  TrackPublication,
} from '@livekit/rtc-node'
import { ParticipantKind, RoomEvent, TrackKind, TrackSource } from '@livekit/rtc-node'
import type { TileSize, VideoKind } from '../composite/compositor.ts'
import type { I420Picture } from '../composite/i420-picture.ts'
import { requestVideoSize } from './request-video-size.ts'
import { TrackReader } from './track-reader.ts'

/** What a recording wants to know of a room. */
export interface RoomListener {
  onPerson(identity: string, name: string): void
  onPersonLeft(identity: string): void
  onSpeakers(identities: string[]): void
  onPicture(identity: string, kind: VideoKind, picture: I420Picture): void
  onVideoGone(identity: string, kind: VideoKind): void
  onAudioTrack(trackSid: string): void
  onAudio(trackSid: string, samples: Int16Array, channels: 1 | 2): void
  onAudioTrackGone(trackSid: string): void
  /** A stream of one track failed; the rest goes on. */
  onTrackError(error: unknown): void
}

export interface RoomWatcherOptions {
  wantVideo: boolean
  /** null: no audio wanted */
  audioRateHz: number | null
  listener: RoomListener
}

interface WatchedTrack {
  reader: TrackReader
  publication: RemoteTrackPublication
  /** What was asked for last. */
  size: string
  identity: string
  /** null: audio */
  kind: VideoKind | null
}

/** Turns what happens in a room into calls of a listener, and reads the tracks that are wanted. */
export class RoomWatcher {
  readonly #options: RoomWatcherOptions
  /** By track sid; as many as are subscribed. */
  readonly #tracks = new Map<string, WatchedTrack>()
  readonly #people = new Set<string>()

  constructor(options: RoomWatcherOptions) {
    this.#options = options
  }

  get wantsEverything(): boolean {
    return this.#options.wantVideo && this.#options.audioRateHz !== null
  }

  /** Listens to a room object that has not been connected yet. */
  watch(room: Room): void {
    const { listener } = this.#options
    room.on(RoomEvent.Reconnected, () => this.syncPeople(room))
    room.on(RoomEvent.ParticipantConnected, (person) => this.#addPerson(person))
    room.on(RoomEvent.ParticipantDisconnected, (person) => this.#removePerson(person.identity))
    room.on(RoomEvent.ParticipantNameChanged, (name, person) => {
      if (this.#people.has(person.identity)) listener.onPerson(person.identity, name || person.identity)
    })
    room.on(RoomEvent.ActiveSpeakersChanged, (people) =>
      listener.onSpeakers(people.map((person) => person.identity)),
    )
    room.on(RoomEvent.TrackPublished, (publication) => this.#subscribeIfWanted(publication))
    room.on(RoomEvent.TrackSubscribed, (track, publication, person) =>
      this.#addTrack(track, publication, person),
    )
    room.on(RoomEvent.TrackUnsubscribed, (track) => this.#removeTrack(track.sid))
    room.on(RoomEvent.TrackUnpublished, (publication) => this.#removeTrack(publication.sid))
    room.on(RoomEvent.TrackMuted, (publication) => this.#muteTrack(publication))
  }

  /** The connection is gone: tracks are dead, people are believed to be still there. */
  forgetTracks(): void {
    for (const sid of this.#tracks.keys()) this.#removeTrack(sid)
    this.#options.listener.onSpeakers([])
  }

  /** Asks for pictures no larger than they are shown. */
  requestSizes(sizes: readonly TileSize[]): void {
    for (const watched of this.#tracks.values()) {
      const size = sizes.find(({ identity, kind }) => identity === watched.identity && kind === watched.kind)
      if (!size) continue
      const text = `${size.widthPx}x${size.heightPx}`
      if (watched.size === text) continue
      watched.size = text
      requestVideoSize(watched.publication, size.widthPx, size.heightPx)
    }
  }

  close(): void {
    this.forgetTracks()
  }

  /** Finds out who is there, and who has left meanwhile: call after joining. */
  syncPeople(room: Room): void {
    for (const identity of this.#people) {
      if (!room.remoteParticipants.has(identity)) this.#removePerson(identity)
    }
    for (const person of [...room.remoteParticipants.values()].toSorted(byTimeOfJoining)) {
      this.#addPerson(person)
      for (const publication of person.trackPublications.values()) this.#subscribeIfWanted(publication)
    }
  }

  #addPerson(person: RemoteParticipant): void {
    // Another recorder is not hidden from us everywhere
    if (person.kind === ParticipantKind.EGRESS) return
    this.#people.add(person.identity)
    this.#options.listener.onPerson(person.identity, person.name || person.identity)
  }

  #removePerson(identity: string): void {
    if (!this.#people.delete(identity)) return
    for (const [sid, watched] of this.#tracks) {
      if (watched.identity === identity) this.#removeTrack(sid)
    }
    this.#options.listener.onPersonLeft(identity)
  }

  /** With autoSubscribe off (audio only, video only), each wanted track is asked for. */
  #subscribeIfWanted(publication: RemoteTrackPublication): void {
    if (this.wantsEverything || publication.subscribed) return
    const wanted =
      publication.kind === TrackKind.KIND_AUDIO ? this.#options.audioRateHz !== null : this.#options.wantVideo
    if (wanted) publication.setSubscribed(true)
  }

  #addTrack(track: RemoteTrack, publication: RemoteTrackPublication, person: RemoteParticipant): void {
    const { listener, audioRateHz, wantVideo } = this.#options
    const { sid } = track
    if (sid === undefined) return
    this.#removeTrack(sid)
    this.#addPerson(person)
    const { identity } = person
    const onError = (error: unknown) => listener.onTrackError(error)
    if (track.kind === TrackKind.KIND_AUDIO) {
      if (audioRateHz === null) return
      listener.onAudioTrack(sid)
      const reader = TrackReader.audio(
        track,
        audioRateHz,
        (samples, channels) => listener.onAudio(sid, samples, channels),
        onError,
      )
      this.#tracks.set(sid, { reader, publication, size: '', identity, kind: null })
      return
    }
    if (!wantVideo) return
    const kind: VideoKind = publication.source === TrackSource.SOURCE_SCREENSHARE ? 'screen' : 'camera'
    const reader = TrackReader.video(
      track,
      (picture) => {
        // A picture may still be on its way when the track has been muted
        if (publication.muted !== true) listener.onPicture(identity, kind, picture)
      },
      onError,
    )
    this.#tracks.set(sid, { reader, publication, size: '', identity, kind })
  }

  #removeTrack(sid: string | undefined): void {
    const watched = sid === undefined ? undefined : this.#tracks.get(sid)
    if (!watched || sid === undefined) return
    this.#tracks.delete(sid)
    watched.reader.close()
    if (watched.kind === null) this.#options.listener.onAudioTrackGone(sid)
    else this.#options.listener.onVideoGone(watched.identity, watched.kind)
  }

  #muteTrack(publication: TrackPublication): void {
    const watched = publication.sid === undefined ? undefined : this.#tracks.get(publication.sid)
    if (watched?.kind) this.#options.listener.onVideoGone(watched.identity, watched.kind)
  }
}

/** The room hands over its people in no order; tiles are to stand in the same one each time. */
function byTimeOfJoining(one: RemoteParticipant, other: RemoteParticipant): number {
  const difference = Number((one.info.joinedAt ?? 0n) - (other.info.joinedAt ?? 0n))
  return difference || (one.identity < other.identity ? -1 : 1)
}
