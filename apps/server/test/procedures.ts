import { appRouter } from '@roomreel/api'

/** Every procedure that the router has, as it says itself. */
// oxlint-disable-next-line no-underscore-dangle -- the one place where tRPC lists a router's procedures
export const PROCEDURES = Object.entries(appRouter._def.procedures).map(([path, procedure]) => ({
  path,
  type: String(Reflect.get(Object(Reflect.get(procedure, '_def')), 'type')),
}))
