import { DEFAULT_LIVEKIT_SECRET, DEFAULT_S3_SECRET } from './shared-variables.ts'

/** Shortest secrets that production accepts, in characters. */
const MIN_SERVICE_SECRET = 16

interface ServiceSecrets {
  LIVEKIT_API_SECRET: string
  S3_SECRET_KEY: string
}

/** What is wrong with the secrets of LiveKit and S3 for production, one sentence each. */
export function weakServiceSecrets(secrets: ServiceSecrets): string[] {
  return [
    ...weakness('LIVEKIT_API_SECRET', secrets.LIVEKIT_API_SECRET, DEFAULT_LIVEKIT_SECRET),
    ...weakness('S3_SECRET_KEY', secrets.S3_SECRET_KEY, DEFAULT_S3_SECRET),
  ]
}

function weakness(name: string, value: string, defaultValue: string): string[] {
  if (value === defaultValue) return [`${name} must not be the default in production`]
  return value.length < MIN_SERVICE_SECRET
    ? [`${name} must have at least ${MIN_SERVICE_SECRET} characters in production`]
    : []
}
