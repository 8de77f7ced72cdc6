import { randomSid } from '../random-sid.ts'
import {
  BackupCodecPolicy,
  TrackInfo,
  TrackSource,
  TrackType,
  SimulcastCodecInfo,
  TimedVersion,
  VideoQuality,
  type AddTrackRequest,
} from '@livekit/protocol'
import type { UplinkTrack } from '../forwarding/uplink-track.ts'
import { mimeTypeOf } from '../sdp/codecs.ts'

/** Streams of tracks whose client names none; livekit-server's `StreamFromTrackSource`. */
const STREAMS: ReadonlyMap<TrackSource, string> = new Map([
  [TrackSource.CAMERA, 'camera'],
  [TrackSource.MICROPHONE, 'camera'],
  [TrackSource.SCREEN_SHARE, 'screen'],
  [TrackSource.SCREEN_SHARE_AUDIO, 'screen'],
])

/** Part of the height asked for that a layer has to have. */
const HEIGHT_TOLERANCE = 0.9

/** A track that a participant announced, and once its media section is there, its uplink. */
export class Publication {
  readonly info: TrackInfo
  readonly cid: string
  /** Codec the client asked to publish in, lower case; undefined when it leaves the choice to the server. */
  readonly wantedCodec: string | undefined
  uplink: UplinkTrack | undefined

  constructor(request: AddTrackRequest) {
    this.cid = request.cid
    const kind = request.type === TrackType.AUDIO ? 'audio' : 'video'
    const [first] = request.simulcastCodecs
    this.wantedCodec = first?.codec.replace(/^(audio|video)\//i, '').toLowerCase() || undefined
    const mimeType = mimeTypeOf(kind, this.wantedCodec ?? (kind === 'audio' ? 'opus' : 'vp8'))
    this.info = new TrackInfo({
      sid: randomSid(sidPrefix(kind, request.source)),
      type: request.type,
      name: request.name,
      muted: request.muted,
      width: request.width,
      height: request.height,
      simulcast: request.layers.length > 1,
      disableDtx: request.disableDtx,
      source: request.source,
      layers: request.layers,
      mimeType,
      codecs: request.simulcastCodecs.map(
        (codec) =>
          new SimulcastCodecInfo({
            mimeType: mimeTypeOf(kind, codec.codec.toLowerCase()),
            cid: codec.cid,
            layers: codec.layers,
          }),
      ),
      stereo: request.stereo,
      disableRed: request.disableRed,
      encryption: request.encryption,
      stream: request.stream || (STREAMS.get(request.source) ?? 'unknown'),
      version: new TimedVersion({ unixMicro: BigInt(Date.now()) * 1000n }),
      audioFeatures: request.audioFeatures,
      backupCodecPolicy: backupCodecPolicyOf(request),
      packetTrailerFeatures: request.packetTrailerFeatures,
    })
  }

  get sid(): string {
    return this.info.sid
  }

  /** What this track is played in step with: camera with microphone, screen with its sound. */
  get syncGroup(): string {
    const { source, stream, sid } = this.info
    // It becomes part of a description, where a client's own text has to be a token; TR would name a track
    if (/^(?!TR)[\w-]{1,64}$/.test(stream)) return stream
    return STREAMS.get(source) ?? sid
  }

  /** True when the offer's msid names this track. */
  matches(trackId: string): boolean {
    return this.cid === trackId || this.info.codecs.some((codec) => codec.cid !== '' && codec.cid === trackId)
  }

  /** The track's media has a place now. */
  attach(uplink: UplinkTrack, mid: string): void {
    this.uplink = uplink
    this.info.mid = mid
    this.info.mimeType = mimeTypeOf(uplink.kind, uplink.codec)
    this.info.simulcast ||= uplink.layerCount > 1
  }

  /**
   * The smallest simulcast layer that is about `height` pixels high; 0 is the smallest. Only heights count, and a layer
   * that is a tenth too low will do, as in livekit-server's `GetQualityForDimension`.
   * @param quality what the subscriber asked for where it gave no size
   */
  layerFor(quality: VideoQuality, width: number, height: number): number {
    if (width <= 0) return Math.min(quality, VideoQuality.HIGH)
    const heights = this.info.layers.map((layer) => layer.height).toSorted((a, b) => a - b)
    const least = Math.trunc(height * HEIGHT_TOLERANCE)
    // Of layers of one size the last is the best
    const index = heights.findIndex((each, at) => each >= least && each !== heights[at + 1])
    return index < 0 ? VideoQuality.HIGH : index
  }
}

/** Sound has no other codec to fall back to; livekit-server says so where the client leaves it open. */
function backupCodecPolicyOf({ type, backupCodecPolicy }: AddTrackRequest): BackupCodecPolicy {
  const isOpen = type === TrackType.AUDIO && backupCodecPolicy === BackupCodecPolicy.PREFER_REGRESSION
  return isOpen ? BackupCodecPolicy.SIMULCAST : backupCodecPolicy
}

function sidPrefix(
  kind: 'audio' | 'video',
  source: TrackSource,
): 'TR_AM' | 'TR_AS' | 'TR_A' | 'TR_VC' | 'TR_VS' | 'TR_V' {
  if (source === TrackSource.MICROPHONE) return 'TR_AM'
  if (source === TrackSource.SCREEN_SHARE_AUDIO) return 'TR_AS'
  if (source === TrackSource.CAMERA) return 'TR_VC'
  if (source === TrackSource.SCREEN_SHARE) return 'TR_VS'
  return kind === 'audio' ? 'TR_A' : 'TR_V'
}
