import { describe, expect, it } from 'vitest'
import { appRouter } from '../app-router.ts'
import { ACCESS_TABLE, assertAccess } from './access-table.ts'
import type { Principal } from './principal.ts'

const principals: readonly Principal[] = [
  { kind: 'anonymous' },
  { kind: 'participant', identity: 'ann', name: 'Ann', roomName: 'Room', roomId: 'RM_1' },
  { kind: 'admin' },
]

describe('the access table', () => {
  it('has every procedure of the router, and no other', () => {
    // oxlint-disable-next-line no-underscore-dangle -- the one place where tRPC lists a router's procedures
    const { procedures } = appRouter._def
    expect(Object.keys(ACCESS_TABLE).toSorted()).toEqual(Object.keys(procedures).toSorted())
  })

  it.each(Object.keys(ACCESS_TABLE))(
    'lets those through to %s who are named there, and nobody else',
    async (path) => {
      for (const principal of principals) {
        const isLetIn = await assertAccess(path, () => Promise.resolve(principal)).then(
          () => true,
          () => false,
        )
        expect(isLetIn).toBe(ACCESS_TABLE[path]?.includes(principal.kind))
      }
    },
  )

  it.each(['recordings.unknown', 'toString', '__proto__'])('lets nobody through to %s', async (path) => {
    await expect(assertAccess(path, () => Promise.resolve({ kind: 'admin' }))).rejects.toThrow('no access')
  })
})
