import type { LayoutName } from '../request/recording-plan.ts'

/** What the choice of the stage looks at. */
export interface StagePerson {
  identity: string
  /** Order of the latest screen share that still runs, counting up; null: shares nothing. */
  screenSince: number | null
  /** Order in which they last began to speak, counting up; 0: not yet. */
  spokeAt: number
  hasCamera: boolean
}

export function cameraTile(identity: string): string {
  return `camera:${identity}`
}

export function screenTile(identity: string): string {
  return `screen:${identity}`
}

/** All tiles in order: running screen shares first, then everyone's camera (or name, if it is off). */
export function tilesOf(people: readonly StagePerson[]): string[] {
  const screens = people.filter((person) => person.screenSince !== null)
  return [
    ...screens.map((person) => screenTile(person.identity)),
    ...people.map((person) => cameraTile(person.identity)),
  ]
}

/**
 * Which tile gets the large place: the newest screen share in every layout; else, with the speaker
 * layouts, whoever spoke last, or the first one with a camera while nobody has spoken. null: none.
 */
export function chooseStage(layout: LayoutName, people: readonly StagePerson[]): string | null {
  let sharing: StagePerson | null = null
  for (const person of people) {
    if (person.screenSince !== null && person.screenSince > (sharing?.screenSince ?? -1)) sharing = person
  }
  if (sharing) return screenTile(sharing.identity)
  if (layout === 'grid') return null
  let speaker: StagePerson | undefined
  for (const person of people) {
    if (person.spokeAt > (speaker?.spokeAt ?? 0)) speaker = person
  }
  speaker ??= people.find((person) => person.hasCamera) ?? people[0]
  return speaker ? cameraTile(speaker.identity) : null
}
