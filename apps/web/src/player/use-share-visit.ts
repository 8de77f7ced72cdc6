import { useEffect, useState } from 'react'
import { trpc } from '../api/trpc.ts'
import { createShareVisit, type ShareVisit } from './share-visit.ts'

/**
 * The visit to the share link that the browser's address holds: behind its # at first, by its id from then on.
 * @param linkId of the address, if it has been entered before
 */
export function useShareVisit(linkId: string | undefined): ShareVisit {
  const { client } = trpc.useUtils()
  const [visit] = useState(() =>
    createShareVisit(
      { enter: (input) => client.share.enter.mutate(input), open: (input) => client.share.open.query(input) },
      linkId,
      window.location.hash.slice(1),
      (entered) => {
        // What opens the link stays neither in the address nor in the history
        window.history.replaceState(null, '', `/s/${entered}${window.location.search}`)
      },
    ),
  )
  useEffect(() => {
    // Another link put into the address of this page differs behind the # alone, which loads nothing
    const reload = (): void => {
      if (window.location.hash !== '') window.location.reload()
    }
    window.addEventListener('hashchange', reload)
    return () => {
      window.removeEventListener('hashchange', reload)
    }
  }, [])
  return visit
}
