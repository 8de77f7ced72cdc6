/** Up to two letters that stand for a person, e.g. "AL" for "Ada Lovelace". Pure. */
export function initials(name: string): string {
  const words = name.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word))
  const first = letterOf(words[0])
  const last = words.length > 1 ? letterOf(words.at(-1)) : ''
  return (first + last).toLocaleUpperCase() || (Array.from(name.trim())[0] ?? '')
}

function letterOf(word: string | undefined): string {
  return Array.from(word ?? '').find((character) => /[\p{L}\p{N}]/u.test(character)) ?? ''
}
