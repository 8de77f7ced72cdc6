import { readEnvironment } from '@roomreel/service'
import { parseConfig, type ServerConfig } from './env.ts'

/** @throws ConfigError */
export function loadConfig(): ServerConfig {
  return parseConfig(readEnvironment())
}
