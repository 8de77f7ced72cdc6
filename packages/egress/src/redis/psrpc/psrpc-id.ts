import { randomInt } from 'node:crypto'

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const LENGTH = 12

/** A new id as psrpc writes them: requests, clients and servers are told apart by the prefix alone. */
export function psrpcId(prefix: 'REQ_' | 'CLI_' | 'SRV_'): string {
  return prefix + Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')
}
