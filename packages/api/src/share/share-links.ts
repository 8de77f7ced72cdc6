import type {
  OpenShareInput,
  OpenShareOutput,
  ShareRecordingInput,
  ShareRecordingOutput,
} from '@roomreel/contracts'
import type { LibraryPrincipal } from '../access/principal.ts'
import { signShareToken, verifyShareToken } from '../access/share-token.ts'
import { findRecording } from '../recordings/find-recording.ts'
import { playbackUrl } from '../recordings/playback-url.ts'
import type { Services } from '../services.ts'

/**
 * A link that opens one recording without any login until it expires.
 * @param origin scheme and host under which the caller sees this app
 * @throws AppError NOT_FOUND, SERVICE_UNAVAILABLE
 */
export async function shareRecording(
  services: Services,
  principal: LibraryPrincipal,
  input: ShareRecordingInput,
  origin: string,
): Promise<ShareRecordingOutput> {
  const recording = await findRecording(services, principal, input.recordingName)
  const now = services.now()
  const expiresAt = now + input.expiresInSeconds * 1000
  const token = await signShareToken(services.signingKeys, recording.name, now, expiresAt)
  return { url: `${origin}/s/${token}`, expiresAt }
}

/**
 * What a share link opens: the recording, and a URL that plays it.
 * @throws AppError UNAUTHORIZED (expired or forged), NOT_FOUND (deleted), CONFLICT (not finished), SERVICE_UNAVAILABLE
 */
export async function openShare(
  services: Services,
  { shareToken, strategy }: OpenShareInput,
): Promise<OpenShareOutput> {
  const { recordingName, expiresAtMs } = await verifyShareToken(
    services.signingKeys,
    shareToken,
    services.now(),
  )
  const recording = await findRecording(services, { kind: 'admin' }, recordingName)
  const { url, expiresAt } = await playbackUrl(services, recording, {
    part: 'video',
    strategy,
    notAfter: expiresAtMs,
  })
  return { recording, url, expiresAt }
}
