import { Link } from '../navigation/link.tsx'
import { useDocumentTitle } from '../ui/use-document-title.ts'
import styles from './message-page.module.css'

export function NotFoundPage() {
  useDocumentTitle('Not found')
  return (
    <main className={styles['page']}>
      <h1>There is nothing here</h1>
      <p>The address may have been cut off when it was copied.</p>
      <Link href="/">Start a meeting</Link>
    </main>
  )
}
