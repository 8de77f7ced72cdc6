import { useEffect } from 'react'
import { isTyping } from '../ui/is-typing.ts'

/** M mutes, V switches the camera; not while typing, and not while a dialog is open. */
export function useRoomKeys(onMicrophone: () => void, onCamera: () => void): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.defaultPrevented) return
      if (isTyping(event.target) || document.querySelector('[role="dialog"], [role="alertdialog"]')) return
      const key = event.key.toLowerCase()
      if (key === 'm') onMicrophone()
      if (key === 'v') onCamera()
    }
    window.addEventListener('keydown', press)
    return () => {
      window.removeEventListener('keydown', press)
    }
  }, [onMicrophone, onCamera])
}
