import { z } from 'zod'
import { httpUrl, liveKitUrl } from './environment-values.ts'

export const DEFAULT_LIVEKIT_SECRET = 'secret'
export const DEFAULT_S3_SECRET = 'minioadmin'

/** The LiveKit that all processes of the product work with. */
export const LIVEKIT_VARIABLES = {
  LIVEKIT_URL: liveKitUrl().default('http://localhost:7880'),
  LIVEKIT_API_KEY: z.string().default('devkey'),
  LIVEKIT_API_SECRET: z.string().default(DEFAULT_LIVEKIT_SECRET),
}

/** The bucket. */
export const S3_VARIABLES = {
  S3_ENDPOINT: httpUrl().default('http://localhost:9000'),
  S3_ACCESS_KEY: z.string().default('minioadmin'),
  S3_SECRET_KEY: z.string().default(DEFAULT_S3_SECRET),
  AWS_REGION: z.string().default('us-east-1'),
  S3_BUCKET: z
    .string()
    .regex(
      /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
      'must be a bucket name: 3 to 63 small letters, digits, dots and hyphens',
    )
    .default('openvidu-appdata'),
}

export const LOG_VARIABLES = {
  LOG_LEVEL: z
    .enum(
      ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
      'must be a level such as info or debug',
    )
    .default('info'),
  LOG_FORMAT: z.enum(['json', 'pretty'], 'must be json or pretty').optional(),
}
