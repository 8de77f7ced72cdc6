/** Attempts in a row that lead to no picture; one more and the file is to blame, not its URL. */
const MAX_ATTEMPTS = 3

/**
 * What to do when the browser can't go on playing: URLs expire, and networks break, so a new URL is worth a
 * try; a file that doesn't play from several fresh ones is damaged. Pure.
 * @param attempts since the picture moved last
 */
export function afterPlaybackError(attempts: number): 'renew' | 'give-up' {
  return attempts < MAX_ATTEMPTS ? 'renew' : 'give-up'
}
