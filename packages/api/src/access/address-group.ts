import { isIPv6 } from 'node:net'

/** Groups of 16 bits that name a network: a customer of a provider has at least a /64 of their own. */
const NETWORK_GROUPS = 4
const ALL_GROUPS = 8

/**
 * Whom an address stands for when guesses are counted: an IPv4 address itself, and the /64 of an IPv6 address, of
 * which everybody has 2^64. Pure.
 */
export function addressGroup(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped !== undefined) return mapped
  const bare = address.split('%', 1)[0] ?? address
  if (!isIPv6(bare)) return address
  const [before = '', after] = bare.toLowerCase().split('::')
  const groupsOf = (text: string) => (text === '' ? [] : text.split(':'))
  const head = groupsOf(before)
  const tail = groupsOf(after ?? '')
  const gap = after === undefined ? 0 : Math.max(0, ALL_GROUPS - head.length - tail.length)
  const groups = [...head, ...Array.from({ length: gap }, () => '0'), ...tail]
  return `${groups
    .slice(0, NETWORK_GROUPS)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`
}
