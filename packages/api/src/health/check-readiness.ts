import { callLiveKit } from '../livekit/livekit-api.ts'
import type { Services } from '../services.ts'

export type Readiness = Readonly<Record<'livekit' | 's3' | 'egress', string>>

/** Each part as `ok`, or what is wrong with it in words without hosts or keys. Never throws. */
export async function checkReadiness(services: Services): Promise<Readiness> {
  const { config, livekit, objects } = services
  const [livekitState, s3, egress] = await Promise.all([
    stateOf(services, 'livekit', () =>
      callLiveKit(livekit, 'listRooms', () => livekit.rooms.listRooms([''])),
    ),
    stateOf(services, 's3', () => objects.check(config.recordingsPath)),
    stateOf(services, 'egress', () =>
      callLiveKit(livekit, 'listEgress', () => livekit.egress.listEgress({ active: true })),
    ),
  ])
  return { livekit: livekitState, s3, egress }
}

async function stateOf(
  { log }: Services,
  part: keyof Readiness,
  check: () => Promise<unknown>,
): Promise<string> {
  try {
    await check()
    return 'ok'
  } catch (error) {
    log.debug({ err: error, part }, 'not ready')
    return error instanceof Error ? error.message : 'unknown'
  }
}
