import { BinaryReader } from '@bufbuild/protobuf'
import type { EgressInfo } from '@livekit/protocol'
import {
  ParticipantEgressRequest,
  RoomCompositeEgressRequest,
  StartEgressRequest,
  TrackCompositeEgressRequest,
  TrackEgressRequest,
  WebEgressRequest,
} from '@livekit/protocol'
import type { StartEgressCall } from '../worker/egress-worker.ts'

/**
 * Reads `rpc.StartEgressRequest` (livekit/protocol, `rpc/egress.proto`), which has no published decoder.
 * livekit-server sets egress id, room id and the request; the room's name stands in the request.
 *
 * @throws if the bytes are no protobuf message
 */
export function decodeStartEgressRequest(bytes: Uint8Array): StartEgressCall {
  const reader = new BinaryReader(bytes)
  const call: StartEgressCall = { egressId: '', roomId: '', roomName: '', request: { case: undefined } }
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag()
    if (field === 1) call.egressId = reader.string()
    else if (field === 3) call.roomId = reader.string()
    else if (field === 18) call.roomName = reader.string()
    else {
      const request = REQUESTS.get(field)
      if (request) call.request = request(reader.bytes())
      else reader.skip(wireType)
    }
  }
  const { value } = call.request
  if (call.roomName === '' && value && 'roomName' in value) call.roomName = value.roomName
  return call
}

/** The kinds of request by their field; those that are not recorded here are refused later, with a sentence. */
const REQUESTS = new Map<number, (bytes: Uint8Array) => EgressInfo['request']>([
  [5, (bytes) => ({ case: 'roomComposite', value: RoomCompositeEgressRequest.fromBinary(bytes) })],
  [6, (bytes) => ({ case: 'trackComposite', value: TrackCompositeEgressRequest.fromBinary(bytes) })],
  [7, (bytes) => ({ case: 'track', value: TrackEgressRequest.fromBinary(bytes) })],
  [11, (bytes) => ({ case: 'web', value: WebEgressRequest.fromBinary(bytes) })],
  [13, (bytes) => ({ case: 'participant', value: ParticipantEgressRequest.fromBinary(bytes) })],
  [16, (bytes) => ({ case: 'egress', value: StartEgressRequest.fromBinary(bytes) })],
])
