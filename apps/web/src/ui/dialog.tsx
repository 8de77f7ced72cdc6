import { X } from 'lucide-react'
import { Dialog as Primitive } from 'radix-ui'
import type { ReactNode } from 'react'
import { Button } from './button.tsx'
import { classNames } from './class-names.ts'
import styles from './dialog.module.css'

/**
 * A modal dialog, open for as long as it is rendered: it keeps the focus, closes on Esc and gives the focus back.
 * Without Radix's own overlay, which would bring a style element that the content security policy refuses.
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
  return (
    <Primitive.Root
      open
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose()
      }}
    >
      <Primitive.Portal>
        <div className={styles['backdrop']} />
        <Primitive.Content
          role={role}
          // The content speaks for itself: there is no shorter description of it
          aria-describedby={undefined}
          className={classNames(styles['dialog'], styles[size])}
        >
          <div className={styles['body']}>
            <header className={styles['header']}>
              <Primitive.Title className={styles['title']}>{title}</Primitive.Title>
              {role === 'dialog' && (
                <Primitive.Close asChild>
                  <Button variant="quiet" size="icon" aria-label="Close">
                    <X size={20} aria-hidden="true" />
                  </Button>
                </Primitive.Close>
              )}
            </header>
            {children}
          </div>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  )
}
