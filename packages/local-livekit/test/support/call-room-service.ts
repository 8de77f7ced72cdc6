import { AccessToken, type VideoGrant } from 'livekit-server-sdk'
import { z } from 'zod'
import { API_KEY, API_SECRET, type TestServer } from './server.ts'

/** Calls the API with what the SDK does not let through; answers with the status and all that the body says. */
export async function callRoomService(
  server: TestServer,
  method: string,
  body: Readonly<Record<string, unknown>>,
  grant: VideoGrant,
): Promise<Record<string, unknown>> {
  const token = new AccessToken(API_KEY, API_SECRET)
  token.addGrant(grant)
  const response = await fetch(`${server.url}/twirp/livekit.RoomService/${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${await token.toJwt()}` },
    body: JSON.stringify(body),
  })
  return { status: response.status, ...z.record(z.string(), z.unknown()).parse(await response.json()) }
}
