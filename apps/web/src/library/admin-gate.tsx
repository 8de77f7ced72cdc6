import type { ReactNode } from 'react'
import { explainError } from '../api/explain-error.ts'
import { trpc } from '../api/trpc.ts'
import { ErrorNotice } from '../ui/error-notice.tsx'
import styles from './library-page.module.css'
import { LoginForm } from './login-form.tsx'

/** Shows what is the admin's to the admin, and the log-in to everybody else. */
export function AdminGate({ children }: { children: ReactNode }) {
  const session = trpc.session.me.useQuery()
  const utils = trpc.useUtils()
  const isAnonymous =
    session.data?.role === 'anonymous' ||
    (session.error !== null && explainError(session.error).code === 'UNAUTHORIZED')
  if (session.data?.role === 'admin') return children
  if (isAnonymous) {
    return (
      <LoginForm
        onLogin={() => {
          utils.session.me.setData(undefined, { role: 'admin' })
        }}
      />
    )
  }
  return (
    <main className={styles['page']} aria-busy={session.isPending}>
      {session.error && (
        <ErrorNotice
          error={session.error}
          onRetry={() => {
            void session.refetch()
          }}
        />
      )}
    </main>
  )
}
