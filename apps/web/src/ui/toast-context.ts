import { createContext, useContext } from 'react'

/** Says something in passing, at the edge of the page. */
export type ShowToast = (text: string, options?: { tone?: 'info' | 'problem' }) => void

export const ToastContext = createContext<ShowToast>(() => undefined)

export function useToast(): ShowToast {
  return useContext(ToastContext)
}
