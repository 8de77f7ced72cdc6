import { FfiRequest, livekitFfiRequest } from '@livekit/rtc-ffi-bindings'
import type { RemoteTrackPublication } from '@livekit/rtc-node'

/**
 * Tells the server how large a track is shown, so that of simulcast layers it sends the one that fits
 * (LiveKit's UpdateTrackSettings). rtc-node's native library has this, its JavaScript does not offer it.
 */
export function requestVideoSize(
  publication: RemoteTrackPublication,
  widthPx: number,
  heightPx: number,
): void {
  const request = new FfiRequest({
    message: {
      case: 'updateRemoteTrackPublicationDimension',
      value: { trackPublicationHandle: publication.ffiHandle.handle, width: widthPx, height: heightPx },
    },
  })
  livekitFfiRequest(request.toBinary())
}
