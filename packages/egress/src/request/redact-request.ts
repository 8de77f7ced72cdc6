import type { EncodedFileOutput, StorageConfig } from '@livekit/protocol'
import { EgressInfo } from '@livekit/protocol'

/** Upload settings in a protobuf oneof; of those, only S3's are used, and get this far. */
type UploadChoice = EncodedFileOutput['output'] | StorageConfig['provider'] | undefined

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
  const upload = choice.value
  if (upload.accessKey) upload.accessKey = '{access_key}'
  if (upload.secret) upload.secret = '{secret}'
  if (upload.sessionToken) upload.sessionToken = '{session_token}'
}
