import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Button, type ButtonProps } from './button.tsx'
import { useToast } from './toast-context.ts'

/** ms for which the button says that it is done. */
const DONE_MS = 2_000

/** Copies a text and says so. */
export function CopyButton({
  text,
  label,
  ...rest
}: Omit<ButtonProps, 'onClick' | 'children'> & { text: string; label: string }) {
  const showToast = useToast()
  const [isDone, setIsDone] = useState(false)
  useEffect(() => {
    if (!isDone) return undefined
    const timer = setTimeout(() => {
      setIsDone(false)
    }, DONE_MS)
    return () => {
      clearTimeout(timer)
    }
  }, [isDone])
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text)
      setIsDone(true)
    } catch {
      // No permission, or no https: the text is there to be copied by hand
      showToast('The browser did not allow copying. Select the text and copy it by hand.', {
        tone: 'problem',
      })
    }
  }
  return (
    <Button
      {...rest}
      onClick={() => {
        void copy()
      }}
    >
      {isDone ? <Check size={18} aria-hidden /> : <Copy size={18} aria-hidden />}
      {isDone ? 'Copied' : label}
    </Button>
  )
}
