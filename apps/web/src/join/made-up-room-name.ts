const MOODS = 'Bright Calm Clever Cosy Curious Gentle Golden Happy Lively Merry Quiet Swift Sunny Warm Wise'
const PLACES =
  'Harbour Meadow River Garden Forest Island Valley Summit Bridge Lagoon Orchard Comet Lantern Piano'
const LARGEST_NUMBER = 999

/**
 * A room name that is easy to say aloud, e.g. "Calm River 412". It is no secret: a meeting that strangers must
 * not guess needs a name of its own.
 * @param random gives numbers from 0 up to 1
 */
export function madeUpRoomName(random: () => number = Math.random): string {
  const pick = (words: string): string => {
    const list = words.split(' ')
    return list[Math.floor(random() * list.length)] ?? ''
  }
  return `${pick(MOODS)} ${pick(PLACES)} ${1 + Math.floor(random() * LARGEST_NUMBER)}`
}
