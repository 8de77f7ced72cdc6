import type { z } from 'zod'
import { ConfigError } from './operator-error.ts'

/**
 * Reads the environment. An empty value counts as not set.
 * @throws ConfigError with every fault at once
 */
export function parseEnvironment<Output>(
  schema: z.ZodType<Output>,
  environment: Readonly<Record<string, string | undefined>>,
): Output {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  )
  const parsed = schema.safeParse(given)
  if (parsed.success) return parsed.data
  throw new ConfigError(parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`))
}
