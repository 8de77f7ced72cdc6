import { X } from 'lucide-react'
import { Toast } from 'radix-ui'
import { type ReactNode, useCallback, useRef, useState } from 'react'
import { Button } from './button.tsx'
import { classNames } from './class-names.ts'
import { type ShowToast, ToastContext } from './toast-context.ts'
import styles from './toast-provider.module.css'

/** ms that a toast stays. */
const STAY_MS = 6_000
/** More at once are a wall of text: the oldest goes. */
const MAX_TOASTS = 3

interface Notice {
  readonly id: number
  readonly text: string
  readonly tone: 'info' | 'problem'
}

/** Shows what the tree below it says in passing; read out by screen readers when they are free. */
export function ToastProvider({ children }: { children: ReactNode }) {
  const [notices, setNotices] = useState<readonly Notice[]>([])
  const nextId = useRef(0)
  const show: ShowToast = useCallback((text, { tone = 'info' } = {}) => {
    nextId.current += 1
    const notice = { id: nextId.current, text, tone }
    setNotices((shown) => [...shown, notice].slice(-MAX_TOASTS))
  }, [])
  return (
    <ToastContext value={show}>
      <Toast.Provider duration={STAY_MS} swipeDirection="up">
        {children}
        {notices.map(({ id, text, tone }) => (
          <Toast.Root
            key={id}
            type="background"
            className={classNames(styles['toast'], styles[tone])}
            onOpenChange={(isOpen) => {
              if (!isOpen) setNotices((shown) => shown.filter((notice) => notice.id !== id))
            }}
          >
            <Toast.Description className={styles['text']}>{text}</Toast.Description>
            <Toast.Close asChild>
              <Button variant="quiet" size="icon" aria-label="Dismiss">
                <X size={18} aria-hidden="true" />
              </Button>
            </Toast.Close>
          </Toast.Root>
        ))}
        <Toast.Viewport label="Notices" className={styles['toasts']} />
      </Toast.Provider>
    </ToastContext>
  )
}
