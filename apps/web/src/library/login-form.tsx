import { type SyntheticEvent, useState } from 'react'
import { explainError } from '../api/explain-error.ts'
import { trpc } from '../api/trpc.ts'
import { Link } from '../navigation/link.tsx'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/text-field.tsx'
import { useDocumentTitle } from '../ui/use-document-title.ts'
import { useInitialFocus } from '../ui/use-initial-focus.ts'
import styles from './login-form.module.css'

/** The door of the library. */
export function LoginForm({ onLogin }: { onLogin: () => void }) {
  const [password, setPassword] = useState('')
  const field = useInitialFocus<HTMLInputElement>()
  const login = trpc.session.login.useMutation({ onSuccess: onLogin })
  useDocumentTitle('Log in')
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault()
    if (password !== '') login.mutate({ password })
  }
  return (
    <main className={styles['page']}>
      <form className={styles['form']} onSubmit={submit}>
        <h1>All recordings</h1>
        <p>Whoever runs this server has the password: it was printed when the server started.</p>
        {/* A name for password keepers, which file passwords by user */}
        <input type="text" name="username" autoComplete="username" value="admin" readOnly hidden />
        <TextField
          label="Password"
          type="password"
          name="password"
          // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- HTML gives password inputs no role; the page's contract calls it a textbox
          role="textbox"
          autoComplete="current-password"
          value={password}
          problem={login.error ? explainError(login.error).message : undefined}
          ref={field}
          onChange={(event) => {
            setPassword(event.target.value)
          }}
        />
        <Button type="submit" variant="primary" isBusy={login.isPending}>
          Log in
        </Button>
        <Link href="/">Start a meeting</Link>
      </form>
    </main>
  )
}
