const MAX_WORD_CHARACTERS = 75
const BEGIN = '=?UTF-8?q?'
const END = '?='

/**
 * A text beyond ASCII in the form that any header can carry, in which S3 gives back user metadata: encoded words in the
 * `Q` encoding of RFC 2047 section 4.2, none longer than its section 2 allows. Other texts stay as they are.
 */
export function encodeWord(text: string): string {
  if (/^[\t\u0020-\u007e]*$/.test(text)) return text
  const words: string[] = []
  let word = ''
  for (const character of text) {
    const encoded = encodeCharacter(character)
    if (BEGIN.length + word.length + encoded.length + END.length > MAX_WORD_CHARACTERS) {
      words.push(word)
      word = ''
    }
    word += encoded
  }
  return [...words, word].map((each) => BEGIN + each + END).join(' ')
}

function encodeCharacter(character: string): string {
  if (character === ' ') return '_'
  if (/^[!-~]$/.test(character) && !'=?_'.includes(character)) return character
  return [...Buffer.from(character)]
    .map((byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`)
    .join('')
}
