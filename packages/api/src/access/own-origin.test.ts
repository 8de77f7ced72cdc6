import { describe, expect, it } from 'vitest'
import { isOwnOrigin } from './own-origin.ts'

const host = 'meet.example.com'

describe('isOwnOrigin', () => {
  it.each([
    ['the app itself', { origin: 'https://meet.example.com', secFetchSite: 'same-origin' }, true],
    [
      'the app behind a proxy that changes the host',
      { origin: 'https://other.example', secFetchSite: 'same-origin' },
      true,
    ],
    ['the app in a browser without Fetch Metadata', { origin: 'http://meet.example.com' }, true],
    ['a program', {}, true],
    ['another site', { origin: 'https://evil.example', secFetchSite: 'cross-site' }, false],
    [
      'a neighbour of the same site',
      { origin: 'https://blog.example.com', secFetchSite: 'same-site' },
      false,
    ],
    ['another site in a browser without Fetch Metadata', { origin: 'https://evil.example' }, false],
    ['another port', { origin: 'https://meet.example.com:8443' }, false],
    ['a sandboxed frame or a file', { origin: 'null' }, false],
    ['a host that only begins alike', { origin: 'https://meet.example.com.evil.example' }, false],
  ])('%s', (_who, headers, expected) => {
    expect(isOwnOrigin({ host, ...headers })).toBe(expected)
  })
})
