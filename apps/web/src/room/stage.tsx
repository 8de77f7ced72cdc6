import { useRef } from 'react'
import { gridLayout } from './grid-layout.ts'
import type { PersonView } from './read-room.ts'
import styles from './stage.module.css'
import { Tile } from './tile.tsx'
import { TrackVideo } from './track-video.tsx'
import { useElementSize } from './use-element-size.ts'

/** CSS pixels between two tiles. */
const GAP = 8

/** Everybody in equal tiles that fill the space; a shared screen takes the stage and the tiles step aside. */
export function Stage({ people }: { people: readonly PersonView[] }) {
  const presenter = people.findLast((person) => person.screen !== undefined)
  if (presenter?.screen) {
    return (
      <div className={styles['presentation']}>
        <figure className={styles['screen']}>
          <TrackVideo track={presenter.screen} className={styles['screenVideo']} />
          <figcaption className={styles['caption']}>
            {presenter.isLocal ? 'You share your screen' : `${presenter.name} shares their screen`}
          </figcaption>
        </figure>
        <ul className={styles['strip']} aria-label="People">
          {people.map((person) => (
            <Tile key={person.identity} person={person} />
          ))}
        </ul>
      </div>
    )
  }
  return <Grid people={people} />
}

function Grid({ people }: { people: readonly PersonView[] }) {
  const element = useRef<HTMLUListElement>(null)
  const { tile } = gridLayout(useElementSize(element), people.length, GAP)
  return (
    <ul ref={element} className={styles['grid']} aria-label="People">
      {people.map((person) => (
        <Tile key={person.identity} person={person} style={tile} />
      ))}
    </ul>
  )
}
