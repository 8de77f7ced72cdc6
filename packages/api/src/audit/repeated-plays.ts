import type { AuditEntry } from '@roomreel/contracts'

/** Players that are remembered; beyond it the one that was seen longest ago is forgotten, and told of again. */
const MAX_PLAYERS = 10_000

/**
 * Tells whether an entry only says that a player goes on: it asks for another URL as long as it plays.
 * @param urlMs how long its URL works
 * @returns true for a play by somebody who played the same within that time
 */
export function createRepeatedPlays(urlMs: number): (entry: AuditEntry) => boolean {
  /** ms since the epoch until which another URL is no news. */
  const players = new Map<string, number>()
  return ({ action, actor, address, at, recordingName }) => {
    if (action !== 'recording.played') return false
    const player = JSON.stringify([recordingName, address, actor])
    const isRepeated = (players.get(player) ?? 0) > at
    players.delete(player)
    players.set(player, at + urlMs)
    const [oldest] = players.keys()
    if (players.size > MAX_PLAYERS && oldest !== undefined) players.delete(oldest)
    return isRepeated
  }
}
