import { EgressInfo } from '@livekit/protocol'
import type { S3Upload } from '@livekit/protocol'

/** An output or storage setting with upload credentials in a protobuf oneof. */
type UploadChoice = { case: string | undefined; value?: unknown } | undefined

/**
 * A copy of the request without its secrets, for EgressInfo: that is stored by the server, shown by
 * listEgress and sent in every webhook. The texts are those of livekit/egress (`redactUpload`).
 */
export function redactRequest(request: EgressInfo['request']): EgressInfo['request'] {
  const copy = new EgressInfo({ request }).clone().request
  switch (copy.case) {
    case 'roomComposite': {
      const { fileOutputs, segmentOutputs, imageOutputs, output } = copy.value
      for (const item of [...fileOutputs, ...segmentOutputs, ...imageOutputs]) redactUpload(item.output)
      if (output.case === 'file' || output.case === 'segments') redactUpload(output.value.output)
      break
    }
    case 'egress':
      redactUpload(copy.value.storage?.provider)
      for (const item of copy.value.outputs) redactUpload(item.storage?.provider)
      break
    default:
      // Other kinds are refused before they get here
      break
  }
  return copy
}

function redactUpload(choice: UploadChoice): void {
  if (choice?.case !== 's3') return
  // The oneof's case names the type of its value
  const upload = choice.value as S3Upload
  if (upload.accessKey) upload.accessKey = '{access_key}'
  if (upload.secret) upload.secret = '{secret}'
  if (upload.sessionToken) upload.sessionToken = '{session_token}'
}
