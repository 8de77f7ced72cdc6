import { config as loadEnvFile } from 'dotenv'
import { parseConfig, type ServerConfig } from './env.ts'

/**
 * The one place that reads the environment, with what a file `.env` adds to it.
 * @throws ConfigError
 */
export function loadConfig(): ServerConfig {
  loadEnvFile({ quiet: true })
  return parseConfig(process.env)
}
