import { randomInt } from 'node:crypto'

const ALPHABET = '23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
const RANDOM_LENGTH = 12

/** Prefixes that clients rely on; `TR_A`/`TR_V`… mark a track's kind and source as livekit-server does. */
export type SidPrefix =
  'RM_' | 'PA_' | 'EG_' | 'EV_' | 'TR_AM' | 'TR_AS' | 'TR_A' | 'TR_VC' | 'TR_VS' | 'TR_V' | 'ND_' | 'DTR_'

/** A new unguessable id in LiveKit's form: the prefix and 12 characters without look-alikes. */
export function randomSid(prefix: SidPrefix): string {
  let sid: string = prefix
  for (let i = 0; i < RANDOM_LENGTH; i++) sid += ALPHABET.charAt(randomInt(ALPHABET.length))
  return sid
}
