import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { AppError } from '../app-error.ts'
import { signToken, verifyToken } from './signed-token.ts'
import type { SigningKeys } from './signing-keys.ts'

/** How long a browser is known as one in which the admin has logged in. */
export const DEVICE_SECONDS = 180 * 24 * 60 * 60

const DeviceClaims = z.object({ device: z.uuid() })

/**
 * Marks a browser as one of the admin's. It opens nothing: it keeps guesses that others make from locking the admin
 * out (OWASP's "device cookies").
 * @param device what it was known as before, if it was
 */
export function signAdminDevice(
  keys: SigningKeys,
  device: string | undefined,
  nowMs: number,
): Promise<string> {
  return signToken(keys.device, { device: device ?? randomUUID() }, nowMs, nowMs + DEVICE_SECONDS * 1000)
}

/** @returns undefined for a cookie that is missing, forged, or too old */
export async function adminDeviceOf(
  keys: SigningKeys,
  cookie: string | undefined,
  nowMs: number,
): Promise<string | undefined> {
  if (cookie === undefined) return undefined
  try {
    return (await verifyToken(keys.device, cookie, DeviceClaims, nowMs, 'This device is not known.')).device
  } catch (error) {
    if (error instanceof AppError && error.code === 'UNAUTHORIZED') return undefined
    throw error
  }
}
