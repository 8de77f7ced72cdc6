import type { AppRouter } from '@roomreel/api'
import { createTRPCReact, type CreateTRPCReact } from '@trpc/react-query'

/** The server's procedures as typed hooks. */
export const trpc: CreateTRPCReact<AppRouter, unknown> = createTRPCReact<AppRouter>()
