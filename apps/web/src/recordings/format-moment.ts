/**
 * A moment as people speak of it, in their own locale and zone: today by the time alone, else with the day.
 * Pure.
 * @param moment ms since the epoch
 * @param now ms since the epoch
 * @param locale default: the browser's
 */
export function formatMoment(moment: number, now: number, locale?: string): string {
  const date = new Date(moment)
  const today = new Date(now)
  const time = date.toLocaleTimeString(locale, { hour: '2-digit', minute: '2-digit' })
  if (date.toDateString() === today.toDateString()) return time
  const day = date.toLocaleDateString(locale, {
    day: 'numeric',
    month: 'short',
    ...(date.getFullYear() !== today.getFullYear() && { year: 'numeric' }),
  })
  return `${day}, ${time}`
}

/** The same moment in full, for a hover. Pure. */
export function formatMomentInFull(moment: number, locale?: string): string {
  return new Date(moment).toLocaleString(locale, { dateStyle: 'full', timeStyle: 'long' })
}
