import { expect, it } from 'vitest'
import { appRouter } from '../app-router.ts'
import { AUDIT_TABLE, AUDITED_REFUSALS, UNTOLD } from './audit-table.ts'

// oxlint-disable-next-line no-underscore-dangle -- the one place where tRPC lists a router's procedures
const procedures: Record<string, unknown> = appRouter._def.procedures

it('has every procedure that changes something, or says that there is nothing to tell', () => {
  const mutations = Object.keys(procedures).filter(
    (path) => Reflect.get(Object(Reflect.get(Object(procedures[path]), '_def')), 'type') === 'mutation',
  )
  expect(mutations.length).toBeGreaterThan(5)
  const decided = new Set([...Object.keys(AUDIT_TABLE), ...UNTOLD])
  expect(mutations.filter((path) => !decided.has(path))).toEqual([])
})

it('tells of no procedure that is not there', () => {
  const named = [...Object.keys(AUDIT_TABLE), ...Object.keys(AUDITED_REFUSALS), ...UNTOLD]
  expect(named.filter((path) => !Object.hasOwn(procedures, path))).toEqual([])
})
