import { readFile } from 'node:fs/promises'

/** A file of this repository. @param path from its root */
export const readRepositoryFile = (path: string): Promise<string> =>
  readFile(new URL(`../../../../${path}`, import.meta.url), 'utf8')

/** @param path in `deploy/` */
export const read = (path: string): Promise<string> => readRepositoryFile(`deploy/${path}`)

/** Names and values of a `.env`, as far as those of this repository go. */
export const variablesOf = (text: string): Record<string, string> =>
  Object.fromEntries(
    text
      .split('\n')
      .filter((line) => /^\w+=/.test(line))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  )

export const SECRETS = {
  LIVEKIT_API_SECRET: 'a-long-livekit-secret-of-32-chars',
  S3_SECRET_KEY: 'a-long-storage-secret',
  SESSION_SECRET: 'a-long-session-secret-of-32-chars',
  ADMIN_PASSWORD: 'a-long-password',
}

export const EGRESS_SECRETS = {
  LIVEKIT_API_SECRET: SECRETS.LIVEKIT_API_SECRET,
  S3_SECRET_KEY: SECRETS.S3_SECRET_KEY,
}

/** `70m`, `70min`, `30s` or `30`, in seconds. */
export const secondsOf = (text: string): number => {
  const [, count, unit] = /^(\d+)(s|m|min)?$/.exec(text) ?? []
  if (count === undefined) throw new Error(`${text} is no time that this test knows`)
  return Number(count) * (unit === 'm' || unit === 'min' ? 60 : 1)
}
