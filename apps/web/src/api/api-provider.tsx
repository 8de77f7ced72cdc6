import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { httpBatchLink, httpSubscriptionLink, splitLink } from '@trpc/client'
import { type ReactNode, useState } from 'react'
import { explainError } from './explain-error.ts'
import { trpc } from './trpc.ts'

const MAX_RETRIES = 2

/**
 * Gives the tree below it the server's procedures under one credential, and a cache that belongs to that
 * credential alone: what a room session sees and what the admin sees never mix.
 * @param roomToken credential of a room session; without it the browser's session cookie speaks.
 *   A change needs a new `key`.
 */
export function ApiProvider({ roomToken, children }: { roomToken?: string; children: ReactNode }) {
  const [{ queryClient, client }] = useState(() => ({
    queryClient: createQueryClient(),
    client: createClient(roomToken),
  }))
  return (
    <trpc.Provider client={client} queryClient={queryClient}>
      <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>
    </trpc.Provider>
  )
}

function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // What the server has decided stays decided; only what did not get through is worth another try
        retry: (failures, error) => failures < MAX_RETRIES && explainError(error).isTransient,
        refetchOnWindowFocus: false,
      },
    },
  })
}

function createClient(roomToken: string | undefined) {
  const url = '/trpc'
  return trpc.createClient({
    links: [
      splitLink({
        condition: (operation) => operation.type === 'subscription',
        // An EventSource can't send headers
        true: httpSubscriptionLink({
          url,
          connectionParams: () => (roomToken === undefined ? {} : { token: roomToken }),
        }),
        false: httpBatchLink({
          url,
          maxURLLength: 6_000,
          headers: () => (roomToken === undefined ? {} : { authorization: `Bearer ${roomToken}` }),
        }),
      }),
    ],
  })
}
