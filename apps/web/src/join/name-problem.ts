import { MAX_NAME_LENGTH } from '@roomreel/contracts'

/**
 * What is wrong with a typed name, in words; undefined when it is fine. These are the slips that people make;
 * the server has the whole rule and its own words for the rest.
 * @param subject begins the sentence, e.g. "The room name"
 */
export function nameProblem(subject: string, name: string): string | undefined {
  const trimmed = name.trim()
  if (trimmed === '') return `${subject} can't be empty.`
  if (Array.from(trimmed).length > MAX_NAME_LENGTH) {
    return `${subject} can have at most ${MAX_NAME_LENGTH} characters.`
  }
  if (/[/\\]/.test(trimmed)) return `${subject} can't have slashes.`
  // In a URL they mean this folder and the one above, however they are written: such a room has no address
  if (trimmed === '.' || trimmed === '..') return `${subject} can't be dots alone.`
  return undefined
}
