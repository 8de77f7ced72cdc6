/** The process that participants run in, so that their encoders are not counted with what is measured. */
import {
  LocalVideoTrack,
  type RemoteTrack,
  Room,
  RoomEvent,
  TrackPublishOptions,
  TrackKind,
  TrackSource,
  VideoBufferType,
  VideoFrame,
  VideoSource,
  VideoStream,
} from '@livekit/rtc-node'
import { type Participant, type ParticipantsNews, ParticipantsRequestSchema } from './publisher-messages.ts'

/** Different pictures, shown in turn: made once, so that drawing costs nothing while it is measured. */
const PICTURES = 16

const rooms: Room[] = []
let framesDecoded = 0

process.on('message', (message) => {
  answer(message).catch((error: unknown) => {
    tell({ type: 'failed', reason: error instanceof Error ? error.message : String(error) })
  })
})
// The bench has ended, or wants this to end
process.on('disconnect', () => process.exit(0))

async function answer(message: unknown): Promise<void> {
  const request = ParticipantsRequestSchema.parse(message)
  switch (request.type) {
    case 'join':
      for (const participant of request.participants) await join(participant)
      tell({ type: 'joined' })
      break
    case 'count':
      tell({ type: 'counted', framesDecoded })
      break
  }
}

async function join(participant: Participant): Promise<void> {
  const { serverUrl, token, subscribes, width, height, framesPerSecond, simulcast } = participant
  const room = new Room()
  const index = rooms.push(room) - 1
  room.on(RoomEvent.RoomMetadataChanged, (metadata) =>
    tell({ type: 'metadata', participant: index, metadata }),
  )
  room.on(RoomEvent.TrackSubscribed, (track) => {
    if (track.kind !== TrackKind.KIND_VIDEO) return
    watch(track).catch((error: unknown) => tell({ type: 'failed', reason: String(error) }))
  })
  await room.connect(serverUrl, token, { autoSubscribe: subscribes, dynacast: false })
  if (!room.localParticipant) throw new Error('connected without a local participant')
  const source = new VideoSource(width, height)
  await room.localParticipant.publishTrack(
    LocalVideoTrack.createVideoTrack('camera', source),
    new TrackPublishOptions({ source: TrackSource.SOURCE_CAMERA, simulcast }),
  )
  show(source, moving(width, height), framesPerSecond)
}

/** By the clock: frames that a busy machine delays are sent late or left out, never added. */
function show(source: VideoSource, pictures: readonly VideoFrame[], framesPerSecond: number): void {
  const startedAt = performance.now()
  let shown = -1
  setInterval(
    () => {
      const due = Math.floor(((performance.now() - startedAt) / 1000) * framesPerSecond)
      const picture = pictures[due % pictures.length]
      if (due === shown || picture === undefined) return
      shown = due
      source.captureFrame(picture)
    },
    1000 / framesPerSecond / 4,
  )
}

/** Grey bars that move over a coloured ground. */
function moving(width: number, height: number): VideoFrame[] {
  return Array.from({ length: PICTURES }, (_, index) => {
    const data = new Uint8Array((width * height * 3) / 2)
    for (let y = 0; y < height; y++) data.fill((y + index * 8) & 0xff, y * width, (y + 1) * width)
    data.fill(112, width * height, (width * height * 5) / 4)
    data.fill(144, (width * height * 5) / 4)
    return new VideoFrame(data, width, height, VideoBufferType.I420)
  })
}

/** Counts the pictures of somebody else as they come out of the decoder. */
async function watch(track: RemoteTrack): Promise<void> {
  for await (const event of new VideoStream(track)) {
    if (event.frame.width > 0) framesDecoded++
  }
}

function tell(news: ParticipantsNews): void {
  process.send?.(news)
}
