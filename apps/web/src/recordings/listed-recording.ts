import type { AppRouter } from '@roomreel/api'
import type { inferRouterOutputs } from '@trpc/server'

/** One page of recordings as it came: JSON, so that what is absent is absent and never `undefined`. */
export type ListedPage = inferRouterOutputs<AppRouter>['recordings']['list']

export type ListedRecording = ListedPage['items'][number]

/** News of a recording as it came. */
export type ListedEvent =
  | { readonly type: 'status' | 'saved'; readonly recording: ListedRecording }
  | { readonly type: 'deleted'; readonly recordingName: string }
