import { MAX_SEARCH_LENGTH, type RecordingFilter, type RecordingStatus } from '@roomreel/contracts'

/** What people choose among; each stands for some of the states that a recording can be in. */
const STATUSES = {
  ready: ['COMPLETE', 'LIMIT_REACHED'],
  running: ['STARTING', 'STARTED', 'STOPPING'],
  failed: ['ABORTED', 'FAILED'],
} as const satisfies Record<string, readonly RecordingStatus[]>

export type StatusChoice = keyof typeof STATUSES

export const STATUS_CHOICES: readonly { readonly value: StatusChoice | ''; readonly label: string }[] = [
  { value: '', label: 'Any status' },
  { value: 'ready', label: 'Ready' },
  { value: 'running', label: 'In progress' },
  { value: 'failed', label: 'Failed or ended early' },
]

/** The library's filter as it stands in the fields and in the address. */
export interface LibraryFilter {
  readonly search: string
  /** First day, `2026-05-31`, in the reader's time zone; empty: any. */
  readonly from: string
  /** Last day, likewise. */
  readonly to: string
  /** Empty: any. */
  readonly status: StatusChoice | ''
}

export const NO_FILTER: LibraryFilter = { search: '', from: '', to: '', status: '' }

/** Reads the filter from a query; what says nothing to us is left out. Pure. */
export function readLibraryFilter(query: string): LibraryFilter {
  const params = new URLSearchParams(query)
  const day = (key: string): string => {
    const text = params.get(key) ?? ''
    return startOfDay(text) === undefined ? '' : text
  }
  return {
    search: (params.get('search') ?? '').slice(0, MAX_SEARCH_LENGTH),
    from: day('from'),
    to: day('to'),
    status: readStatusChoice(params.get('status') ?? ''),
  }
}

/** The status that a text names, or any. Pure. */
export function readStatusChoice(text: string): StatusChoice | '' {
  return text === 'ready' || text === 'running' || text === 'failed' ? text : ''
}

/** The filter as a query without its question mark; what is not chosen is not in it. Pure. */
export function writeLibraryFilter(filter: LibraryFilter): string {
  const chosen = Object.entries(filter).filter(([, value]: [string, string]) => value !== '')
  return new URLSearchParams(chosen).toString()
}

/** What the server is asked for. Days are the reader's own, from their first moment to their last. Pure. */
export function recordingFilterOf({ search, from, to, status }: LibraryFilter): RecordingFilter {
  const startedFrom = startOfDay(from)
  const startedBefore = startOfDay(to, 1)
  return {
    ...(search.trim() !== '' && { search: search.trim() }),
    ...(startedFrom !== undefined && { startedFrom }),
    ...(startedBefore !== undefined && { startedBefore }),
    ...(status !== '' && { statuses: [...STATUSES[status]] }),
  }
}

/**
 * @param daysLater whole days of the calendar, which are not always 24 hours
 * @returns ms since the epoch, not before it; undefined for what is no day
 */
function startOfDay(text: string, daysLater = 0): number | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  if (!match) return undefined
  const [year, month, day] = match.slice(1).map(Number)
  if (year === undefined || month === undefined || day === undefined || year < 1970) return undefined
  const start = new Date(year, month - 1, day)
  // 31 February is no day, although Date finds one for it
  if (start.getMonth() !== month - 1 || start.getDate() !== day) return undefined
  return Math.max(0, new Date(year, month - 1, day + daysLater).getTime())
}
