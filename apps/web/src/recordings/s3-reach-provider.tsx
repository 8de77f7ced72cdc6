import { type ReactNode, useState } from 'react'
import { S3ReachContext } from './use-s3-reach.ts'
import { createS3Reach } from './s3-reach.ts'

/** Lets the tree below it share what is learnt about S3. */
export function S3ReachProvider({ children }: { children: ReactNode }) {
  const [reach] = useState(createS3Reach)
  return <S3ReachContext value={reach}>{children}</S3ReachContext>
}
