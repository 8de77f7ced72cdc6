import { AppError } from '../app-error.ts'
import type { Principal } from './principal.ts'

/**
 * Who may call a procedure. What they get to see is narrowed further by what it is about: a participant reaches the
 * recordings of their own room session alone (`maySeeRecording`, `openRoomSession`), the admin all.
 */
type Access = readonly Principal['kind'][]

const ANYONE: Access = ['anonymous', 'participant', 'admin']
const IN_THE_MEETING: Access = ['participant']
const LIBRARY: Access = ['participant', 'admin']
const ADMIN: Access = ['admin']

/** Every procedure. One that is not here answers nobody. */
export const ACCESS_TABLE: Readonly<Record<string, Access>> = {
  'rooms.join': ANYONE,
  'rooms.preview': ANYONE,
  'recordings.start': IN_THE_MEETING,
  'recordings.stop': IN_THE_MEETING,
  'recordings.list': LIBRARY,
  'recordings.get': LIBRARY,
  'recordings.playback': LIBRARY,
  'recordings.thumbnails': LIBRARY,
  'recordings.delete': LIBRARY,
  'recordings.share': LIBRARY,
  'recordings.audit': ADMIN,
  'recordings.events': LIBRARY,
  'share.list': LIBRARY,
  'share.revoke': LIBRARY,
  // The link itself, or the cookie that it was swapped for, is the credential
  'share.enter': ANYONE,
  'share.open': ANYONE,
  'session.login': ANYONE,
  'session.logout': ANYONE,
  'session.me': ANYONE,
}

/**
 * Lets through who may call this procedure.
 * @param principal is asked only where it matters: whoever may be anybody need not show good credentials
 * @throws AppError UNAUTHORIZED, or what `principal` throws
 */
export async function assertAccess(path: string, principal: () => Promise<Principal>): Promise<void> {
  const access = Object.hasOwn(ACCESS_TABLE, path) ? ACCESS_TABLE[path] : undefined
  if (!access) throw new Error(`no access is defined for ${path}`)
  if (access === ANYONE) return
  if (access.includes((await principal()).kind)) return
  throw new AppError('UNAUTHORIZED', access === IN_THE_MEETING ? 'Join the meeting first.' : 'Log in first.')
}
