import { MAX_SEARCH_LENGTH } from '@roomreel/contracts'
import { Search } from 'lucide-react'
import { SelectField } from '../ui/select-field.tsx'
import { TextField } from '../ui/text-field.tsx'
import { type LibraryFilter, readStatusChoice, STATUS_CHOICES } from './library-filter.ts'
import styles from './library-filters.module.css'

/** By what the library is searched. */
export function LibraryFilters({
  filter,
  onChange,
}: {
  filter: LibraryFilter
  onChange: (part: Partial<LibraryFilter>) => void
}) {
  const { search, from, to, status } = filter
  const isBackwards = from !== '' && to !== '' && from > to
  return (
    <search className={styles['filters']}>
      <div className={styles['search']}>
        <Search size={18} aria-hidden className={styles['icon']} />
        <input
          type="search"
          className={styles['box']}
          aria-label="Search recordings"
          placeholder="Search recordings"
          maxLength={MAX_SEARCH_LENGTH}
          value={search}
          onChange={(event) => {
            onChange({ search: event.target.value })
          }}
        />
      </div>
      <div className={styles['choices']}>
        <TextField
          label="From"
          type="date"
          value={from}
          max={to === '' ? undefined : to}
          onChange={(event) => {
            onChange({ from: event.target.value })
          }}
        />
        <TextField
          label="To"
          type="date"
          value={to}
          min={from === '' ? undefined : from}
          problem={isBackwards ? 'This is before the first day.' : undefined}
          onChange={(event) => {
            onChange({ to: event.target.value })
          }}
        />
        <div className={styles['status']}>
          <SelectField
            label="Status"
            value={status}
            options={STATUS_CHOICES}
            onChange={(value) => {
              onChange({ status: readStatusChoice(value) })
            }}
          />
        </div>
      </div>
    </search>
  )
}
