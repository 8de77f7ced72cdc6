import { AdminGate } from './admin-gate.tsx'
import { Library } from './library.tsx'

/** All recordings, for the admin. */
export function LibraryPage() {
  return (
    <AdminGate>
      <Library />
    </AdminGate>
  )
}
