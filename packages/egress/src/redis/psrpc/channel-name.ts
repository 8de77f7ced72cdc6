/** What is sent on a channel: requests, claims on them, granted claims, answers. */
export type ChannelKind = 'REQ' | 'CLAIM' | 'RCLAIM' | 'RES'

/**
 * The Redis channel of a psrpc service, as psrpc 0.7.2 names it: parts joined by bars, empty ones left out,
 * characters outside `[0-9A-Za-z_]` written as `u+xxxx` or `U+xxxxxxxx`.
 *
 * @param parts service and method, with a topic where the call has one; or service and client id
 */
export function channelName(parts: readonly string[], kind: ChannelKind): string {
  return [...parts.filter((part) => part !== '').map(escapePart), kind].join('|')
}

function escapePart(part: string): string {
  return part.replace(/[^0-9A-Za-z_]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0
    return code > 0xffff
      ? `U+${code.toString(16).padStart(8, '0')}`
      : `u+${code.toString(16).padStart(4, '0')}`
  })
}
