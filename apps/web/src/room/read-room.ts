import {
  type ConnectionQuality,
  ConnectionState,
  type Participant,
  type RemoteTrack,
  type Room,
  Track,
} from 'livekit-client'
import { isShownParticipant } from './is-shown-participant.ts'

/** One person as the room shows them. */
export interface PersonView {
  readonly identity: string
  readonly name: string
  readonly isLocal: boolean
  readonly isSpeaking: boolean
  readonly isMuted: boolean
  readonly quality: ConnectionQuality
  /** Their camera, when it is on and can be shown. */
  readonly camera: Track | undefined
  /** What they share of their screen. */
  readonly screen: Track | undefined
}

/** A room at one moment, as plain values. */
export interface RoomView {
  readonly connection: 'connecting' | 'connected' | 'reconnecting' | 'disconnected'
  /** Oneself first, then the others in the order in which they came. */
  readonly people: readonly PersonView[]
  /** Sound of everybody else, screens included. */
  readonly sounds: readonly RemoteTrack[]
  /** The browser waits for a click before it plays sound. */
  readonly isSoundBlocked: boolean
  readonly metadata: string | undefined
}

export function readRoom(room: Room): RoomView {
  const others = [...room.remoteParticipants.values()]
    .filter((participant) => isShownParticipant(participant))
    .toSorted((a, b) => (a.joinedAt?.getTime() ?? 0) - (b.joinedAt?.getTime() ?? 0))
  return {
    connection: CONNECTION[room.state],
    people: [room.localParticipant, ...others].map(readPerson),
    sounds: others.flatMap((participant) =>
      [...participant.audioTrackPublications.values()].flatMap(({ track }) => track ?? []),
    ),
    isSoundBlocked: !room.canPlaybackAudio,
    metadata: room.metadata,
  }
}

const CONNECTION: Record<ConnectionState, RoomView['connection']> = {
  [ConnectionState.Connecting]: 'connecting',
  [ConnectionState.Connected]: 'connected',
  [ConnectionState.Reconnecting]: 'reconnecting',
  [ConnectionState.SignalReconnecting]: 'reconnecting',
  [ConnectionState.Disconnected]: 'disconnected',
}

function readPerson(participant: Participant): PersonView {
  return {
    identity: participant.identity,
    name: participant.name || participant.identity,
    isLocal: participant.isLocal,
    isSpeaking: participant.isSpeaking,
    isMuted: !participant.isMicrophoneEnabled,
    quality: participant.connectionQuality,
    camera: visibleTrack(participant, Track.Source.Camera),
    screen: visibleTrack(participant, Track.Source.ScreenShare),
  }
}

function visibleTrack(participant: Participant, source: Track.Source): Track | undefined {
  const publication = participant.getTrackPublication(source)
  return publication && !publication.isMuted ? publication.track : undefined
}
