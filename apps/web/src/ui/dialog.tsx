import { type ReactNode, useId, useLayoutEffect, useRef } from 'react'
import { X } from 'lucide-react'
import { Button } from './button.tsx'
import { classNames } from './class-names.ts'
import styles from './dialog.module.css'

/**
 * A modal dialog: the browser's own, which traps the focus, closes on Esc and gives the focus back.
 * It is open for as long as it is rendered.
 */
export function Dialog({
  title,
  role = 'dialog',
  size = 'normal',
  onClose,
  children,
}: {
  title: ReactNode
  role?: 'dialog' | 'alertdialog'
  size?: 'normal' | 'large'
  onClose: () => void
  children: ReactNode
}) {
  const titleId = useId()
  const element = useRef<HTMLDialogElement>(null)
  useLayoutEffect(() => {
    const dialog = element.current
    dialog?.showModal()
    return () => dialog?.close()
  }, [])
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions -- Esc does for keyboards what a click beside the dialog does for mice
    <dialog
      ref={element}
      role={role}
      aria-labelledby={titleId}
      className={classNames(styles['dialog'], styles[size])}
      onClose={(event) => {
        if (!event.currentTarget.open) onClose()
      }}
      onClick={(event) => {
        if (event.target === event.currentTarget) onClose()
      }}
    >
      <div className={styles['body']}>
        <header className={styles['header']}>
          <h2 id={titleId} className={styles['title']}>
            {title}
          </h2>
          {role === 'dialog' && (
            <Button variant="quiet" size="icon" aria-label="Close" onClick={onClose}>
              <X size={20} aria-hidden="true" />
            </Button>
          )}
        </header>
        {children}
      </div>
    </dialog>
  )
}
