/**
 * The time that a link's `?t=` opens at, in seconds: `90`, `1:30`, `1:02:03`, `90s`, `1h2m3s`. Pure.
 * @param query of the URL, with or without `?`
 */
export function startTime(query: string): number | undefined {
  const text = new URLSearchParams(query).get('t')?.trim() ?? ''
  if (/^\d+(\.\d+)?s?$/.test(text)) return Number.parseFloat(text)
  if (/^\d+(:\d{1,2}){1,2}$/.test(text)) {
    return text.split(':').reduce((seconds, part) => seconds * 60 + Number(part), 0)
  }
  const [whole, hours = 0, minutes = 0, seconds = 0] = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text) ?? []
  if (!whole) return undefined
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
}
