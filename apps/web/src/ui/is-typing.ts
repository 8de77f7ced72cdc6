/** Whether a key press belongs to what has the focus: a field, a menu, or a dialog over the page. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return target.isContentEditable || target.closest('input, textarea, select, [role="menu"]') !== null
}
