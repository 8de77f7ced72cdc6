/** Tells, for codecs other than VP8, whether a packet starts a frame that can be decoded without earlier ones. */

/** NAL unit types (H.264 table 7-1; RFC 6184, section 5.2). */
const NAL = { idrSlice: 5, sequenceParameterSet: 7, stapA: 24, fuA: 28 } as const

/** H.264 (RFC 6184): an IDR slice or a sequence parameter set, alone, aggregated, or in a first fragment. */
function startsH264Keyframe(buffer: Buffer, start: number, end: number): boolean {
  if (start >= end) return false
  const type = buffer.readUInt8(start) & 0x1f
  if (type === NAL.idrSlice || type === NAL.sequenceParameterSet) return true
  if (type === NAL.fuA && start + 1 < end) {
    const fragment = buffer.readUInt8(start + 1)
    return (fragment & 0x80) !== 0 && (fragment & 0x1f) === NAL.idrSlice
  }
  if (type !== NAL.stapA) return false
  for (let offset = start + 1; offset + 3 <= end;) {
    const inner = buffer.readUInt8(offset + 2) & 0x1f
    if (inner === NAL.idrSlice || inner === NAL.sequenceParameterSet) return true
    offset += 2 + buffer.readUInt16BE(offset)
  }
  return false
}

/** VP9 (RFC 9628, section 4.2): begins a frame (B) of the base spatial layer and is not inter-predicted (P). */
function startsVp9Keyframe(buffer: Buffer, start: number, end: number): boolean {
  if (start >= end) return false
  const required = buffer.readUInt8(start)
  const isPredicted = (required & 0x40) !== 0
  const hasLayerIndices = (required & 0x20) !== 0
  const beginsFrame = (required & 0x08) !== 0
  if (isPredicted || !beginsFrame) return false
  if (!hasLayerIndices) return true
  let offset = start + 1
  if ((required & 0x80) !== 0) {
    if (offset >= end) return false
    offset += (buffer.readUInt8(offset) & 0x80) !== 0 ? 2 : 1
  }
  return offset < end && (buffer.readUInt8(offset) & 0x0e) === 0
}

/** AV1 (RTP payload format for AV1, section 4.4): N, the first packet of a coded video sequence. */
function startsAv1Keyframe(buffer: Buffer, start: number, end: number): boolean {
  return start < end && (buffer.readUInt8(start) & 0x08) !== 0
}

const DETECTORS: Record<string, ((buffer: Buffer, start: number, end: number) => boolean) | undefined> = {
  h264: startsH264Keyframe,
  vp9: startsVp9Keyframe,
  av1: startsAv1Keyframe,
}

/** `codec` is the lower-case encoding name of the SDP; for unknown ones every packet counts as a start. */
export function startsKeyframe(codec: string, buffer: Buffer, start: number, end: number): boolean {
  return DETECTORS[codec]?.(buffer, start, end) ?? true
}
