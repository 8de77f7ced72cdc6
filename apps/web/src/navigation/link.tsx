import type { ComponentProps, MouseEvent } from 'react'
import { navigate } from './navigate.ts'

/** A link inside the page. With a modifier key it opens as any other link does. */
export function Link({ href, children, ...rest }: ComponentProps<'a'> & { href: string }) {
  const follow = (event: MouseEvent): void => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    navigate(href)
  }
  return (
    <a href={href} onClick={follow} {...rest}>
      {children}
    </a>
  )
}
