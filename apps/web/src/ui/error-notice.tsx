import { explainError } from '../api/explain-error.ts'
import { Button } from './button.tsx'
import { Notice } from './notice.tsx'

/** Says what went wrong and, when another try may help, offers one. */
export function ErrorNotice({ error, onRetry }: { error: unknown; onRetry?: (() => void) | undefined }) {
  const { message, details } = explainError(error)
  return (
    <Notice
      tone="problem"
      role="alert"
      details={details}
      actions={
        onRetry === undefined ? undefined : (
          <Button size="small" onClick={onRetry}>
            Try again
          </Button>
        )
      }
    >
      {message}
    </Notice>
  )
}
