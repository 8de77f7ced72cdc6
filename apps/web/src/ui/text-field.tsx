import { type ComponentProps, useId } from 'react'
import styles from './field.module.css'

export interface TextFieldProps extends ComponentProps<'input'> {
  readonly label: string
  /** What is wrong with what is typed. */
  readonly problem?: string | undefined
}

/** A labelled text input that says what is wrong with what is typed. */
export function TextField({ label, problem, ...rest }: TextFieldProps) {
  const id = useId()
  return (
    <div className={styles['field']}>
      <label htmlFor={id} className={styles['label']}>
        {label}
      </label>
      <input
        id={id}
        className={styles['control']}
        aria-invalid={problem !== undefined || undefined}
        aria-describedby={problem === undefined ? undefined : `${id}-problem`}
        {...rest}
      />
      {problem !== undefined && (
        <p id={`${id}-problem`} className={styles['problem']} role="alert">
          {problem}
        </p>
      )}
    </div>
  )
}
