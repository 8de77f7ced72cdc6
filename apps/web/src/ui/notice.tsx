import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'
import styles from './notice.module.css'

/** Something that is said where it matters, with what to do about it. */
export function Notice({
  tone = 'info',
  role,
  details,
  actions,
  children,
}: {
  tone?: 'info' | 'warning' | 'problem'
  /** `alert` when it must be heard at once. */
  role?: 'alert' | undefined
  /** Technical words, folded away. */
  details?: string | undefined
  actions?: ReactNode
  children: ReactNode
}) {
  return (
    <div className={classNames(styles['notice'], styles[tone])} role={role}>
      <div className={styles['words']}>
        <p>{children}</p>
        {details !== undefined && details !== '' && (
          <details className={styles['details']}>
            <summary>Details</summary>
            <code>{details}</code>
          </details>
        )}
      </div>
      {actions !== undefined && <div className={styles['actions']}>{actions}</div>}
    </div>
  )
}
