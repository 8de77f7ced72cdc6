import { createHash, timingSafeEqual } from 'node:crypto'
import { TokenVerifier, WebhookEvent } from 'livekit-server-sdk'
import { z } from 'zod'
import { AppError, toAppError } from '../app-error.ts'
import type { WebhookOutcome } from '../metrics/metrics.ts'
import { applyEgressInfo } from '../recordings/apply-news.ts'
import type { Services } from '../services.ts'

/**
 * Takes one webhook of LiveKit's. When it returns, what it said is stored, or was none of ours.
 * @param body the raw bytes: their hash is what the signature covers
 * @throws AppError UNAUTHORIZED (signature, age or hash), BAD_REQUEST (no webhook), SERVICE_UNAVAILABLE (LiveKit
 *   is to send it again)
 */
export async function receiveWebhook(
  services: Services,
  body: Uint8Array,
  authorization: string | undefined,
): Promise<void> {
  let name = 'unknown'
  try {
    await verifySignature(services, body, authorization)
    const event = parseEvent(body)
    name = event.event
    const log = services.log.child({ webhook: event.event, webhookId: event.id })
    log.debug({ egressId: event.egressInfo?.egressId, roomName: event.room?.name }, 'webhook received')
    const recording = event.egressInfo && (await applyEgressInfo(services, event.egressInfo, 'message'))
    services.metrics.webhook(eventLabel(name), recording ? 'stored' : 'ignored')
  } catch (error) {
    services.metrics.webhook(eventLabel(name), OUTCOMES[toAppError(error).code] ?? 'unavailable')
    throw error
  }
}

const OUTCOMES: Partial<Record<AppError['code'], WebhookOutcome>> = {
  UNAUTHORIZED: 'unauthorized',
  BAD_REQUEST: 'unreadable',
}

/** LiveKit's events; whoever has its keys can make up others, and there must not be a label for each. */
const EVENTS = new Set([
  'egress_started',
  'egress_updated',
  'egress_ended',
  'room_started',
  'room_finished',
  'participant_joined',
  'participant_left',
  'participant_connection_aborted',
  'track_published',
  'track_unpublished',
])

const eventLabel = (name: string) => (EVENTS.has(name) ? name : 'unknown')

const WebhookClaims = z.object({ sha256: z.string() })

/** A JWT signed with LiveKit's keys whose `sha256` claim is the base64 digest of the body. */
async function verifySignature(
  { config }: Services,
  body: Uint8Array,
  authorization: string | undefined,
): Promise<void> {
  const refuse = (cause?: unknown) =>
    new AppError('UNAUTHORIZED', 'This webhook is not signed by LiveKit.', { cause })
  if (!authorization) throw refuse()
  const expected = await new TokenVerifier(config.livekit.apiKey, config.livekit.apiSecret)
    .verify(authorization.replace(/^Bearer /i, ''))
    .then((claims) => Buffer.from(WebhookClaims.parse(claims).sha256, 'base64'))
    .catch((error: unknown) => {
      throw refuse(error)
    })
  const actual = createHash('sha256').update(body).digest()
  if (expected.length !== actual.length || !timingSafeEqual(expected, actual)) throw refuse()
}

function parseEvent(body: Uint8Array): WebhookEvent {
  try {
    const event = WebhookEvent.fromJsonString(new TextDecoder('utf-8', { fatal: true }).decode(body), {
      ignoreUnknownFields: true,
    })
    if (event.event === '') throw new Error('no event name')
    return event
  } catch (error) {
    throw new AppError('BAD_REQUEST', 'This is no webhook of LiveKit.', { cause: error })
  }
}
