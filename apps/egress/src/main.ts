import { fail, readEnvironment, runCommand } from '@roomreel/service'
import { parseConfig } from './env.ts'
import { startEgressService } from './start-egress-service.ts'

/** `npm run egress`: the egress worker of a real LiveKit, until it is told to end. */
async function main(): Promise<void> {
  const service = await startEgressService(parseConfig(readEnvironment()))
  process.stdout.write(service.banner)
  const stop = (signal: NodeJS.Signals): void => {
    service.stop(signal === 'SIGINT').then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    )
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
}

runCommand(main)
