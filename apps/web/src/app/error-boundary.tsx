import { Component, type ReactNode } from 'react'
import { Button } from '../ui/button.tsx'
import styles from './message-page.module.css'

/** The last resort: a fault of this page is said in words, with a way on, instead of a blank screen. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { error: unknown }> {
  override state: { error: unknown } = { error: undefined }

  static getDerivedStateFromError(error: unknown): { error: unknown } {
    return { error }
  }

  override render(): ReactNode {
    const { error } = this.state
    if (error === undefined) return this.props.children
    return (
      <main className={styles['page']} role="alert">
        <h1>Something went wrong in this page</h1>
        <p>A recording that runs goes on without it. Reload the page to come back.</p>
        <Button
          variant="primary"
          onClick={() => {
            window.location.reload()
          }}
        >
          Reload
        </Button>
        <details>
          <summary>Details</summary>
          <code>{error instanceof Error ? error.message : 'unknown'}</code>
        </details>
      </main>
    )
  }
}
