import { config as loadEnvFile } from 'dotenv'

/** The environment, with what a file `.env` adds to it: the one place where a process reads it. */
export function readEnvironment(): Readonly<Record<string, string | undefined>> {
  loadEnvFile({ quiet: true })
  return process.env
}
