import { ConnectionQuality } from 'livekit-client'
import { MicOff, WifiOff } from 'lucide-react'
import type { CSSProperties } from 'react'
import { classNames } from '../ui/class-names.ts'
import { initials } from './initials.ts'
import type { PersonView } from './read-room.ts'
import styles from './tile.module.css'
import { TrackVideo } from './track-video.tsx'

/** One person: picture or initials, name, and what one should know of their sound and connection. */
export function Tile({ person, style }: { person: PersonView; style?: CSSProperties | undefined }) {
  const { name, isLocal, isSpeaking, isMuted, quality, camera } = person
  const isWeak = quality === ConnectionQuality.Poor || quality === ConnectionQuality.Lost
  return (
    <li className={classNames(styles['tile'], isSpeaking && styles['speaking'])} style={style}>
      {camera ? (
        <TrackVideo track={camera} className={classNames(styles['video'], isLocal && styles['mirrored'])} />
      ) : (
        <span className={styles['initials']} aria-hidden="true">
          {initials(name)}
        </span>
      )}
      <p className={styles['name']}>
        {isMuted && (
          <span className={styles['badge']} title="Muted">
            <MicOff size={16} aria-hidden />
            <span className={styles['hidden']}>Muted</span>
          </span>
        )}
        {isWeak && (
          <span className={styles['badge']} title="Weak connection">
            <WifiOff size={16} aria-hidden />
            <span className={styles['hidden']}>Weak connection</span>
          </span>
        )}
        <span className={styles['text']}>{name}</span>
        {isLocal && <span className={styles['you']}>(you)</span>}
      </p>
    </li>
  )
}
