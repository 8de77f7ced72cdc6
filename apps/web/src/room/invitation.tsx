import { CopyButton } from '../ui/copy-button.tsx'
import styles from './room-page.module.css'

/** For whoever is alone: how others come in. */
export function Invitation() {
  return (
    <div className={styles['invitation']}>
      <p>You are the only one here. Send the link to whoever should come.</p>
      <CopyButton size="small" variant="primary" label="Copy link" text={window.location.href} />
    </div>
  )
}
