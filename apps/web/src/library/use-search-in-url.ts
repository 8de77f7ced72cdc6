import { useCallback } from 'react'
import { navigate } from '../navigation/navigate.ts'
import { useLocation } from '../navigation/use-location.ts'

/** The library's search, which lives in the page's address: it survives a reload and can be sent to somebody. */
export function useSearchInUrl(): [search: string, setSearch: (search: string) => void] {
  const location = useLocation()
  const [path = '/', query = ''] = location.split('?')
  const search = new URLSearchParams(query).get('search') ?? ''
  const setSearch = useCallback(
    (next: string) => {
      const params = new URLSearchParams(next === '' ? {} : { search: next })
      navigate(next === '' ? path : `${path}?${params.toString()}`, { replace: true })
    },
    [path],
  )
  return [search, setSearch]
}
