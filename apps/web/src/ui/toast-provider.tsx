import { X } from 'lucide-react'
import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react'
import { Button } from './button.tsx'
import { classNames } from './class-names.ts'
import { type ShowToast, ToastContext } from './toast-context.ts'
import styles from './toast-provider.module.css'

/** ms that a toast stays. */
const STAY_MS = 6_000
/** More at once are a wall of text: the oldest goes. */
const MAX_TOASTS = 3

interface Toast {
  readonly id: number
  readonly text: string
  readonly tone: 'info' | 'problem'
}

/** Shows what the tree below it says in passing; read out by screen readers when they are free. */
export function ToastProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<readonly Toast[]>([])
  const nextId = useRef(0)
  const show: ShowToast = useCallback((text, { tone = 'info' } = {}) => {
    nextId.current += 1
    const toast = { id: nextId.current, text, tone }
    setToasts((shown) => [...shown, toast].slice(-MAX_TOASTS))
  }, [])
  const dismiss = useCallback((id: number) => {
    setToasts((shown) => shown.filter((toast) => toast.id !== id))
  }, [])
  return (
    <ToastContext value={show}>
      {children}
      <section className={styles['toasts']} aria-label="Notices" aria-live="polite">
        {toasts.map((toast) => (
          <ToastCard key={toast.id} toast={toast} onDismiss={dismiss} />
        ))}
      </section>
    </ToastContext>
  )
}

function ToastCard({ toast, onDismiss }: { toast: Toast; onDismiss: (id: number) => void }) {
  const { id, text, tone } = toast
  const [isHeld, setIsHeld] = useState(false)
  useEffect(() => {
    if (isHeld) return undefined
    const timer = setTimeout(() => {
      onDismiss(id)
    }, STAY_MS)
    return () => {
      clearTimeout(timer)
    }
  }, [id, isHeld, onDismiss])
  return (
    <div
      className={classNames(styles['toast'], styles[tone])}
      onPointerEnter={() => {
        setIsHeld(true)
      }}
      onPointerLeave={() => {
        setIsHeld(false)
      }}
    >
      <span className={styles['text']}>{text}</span>
      <Button
        variant="quiet"
        size="icon"
        aria-label="Dismiss"
        onClick={() => {
          onDismiss(id)
        }}
      >
        <X size={18} aria-hidden="true" />
      </Button>
    </div>
  )
}
