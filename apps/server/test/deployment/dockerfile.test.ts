import { describe, expect, it } from 'vitest'
// A process of its own has no public module; what deploy/ sets for it is held against what it reads
import { ENVIRONMENT_NAMES as EGRESS_NAMES } from '../../../egress/src/env.ts'
import { ENVIRONMENT_NAMES } from '../../src/config/env.ts'
import { read } from './deploy-files.ts'

describe('the Dockerfile', () => {
  /** The instructions of the last stages, by name. */
  const stages = async () => {
    const [, ...parts] = (await read('Dockerfile')).split(/^FROM /m)
    return new Map(parts.map((part) => [/ AS (\S+)/.exec(part)?.[1] ?? '', part]))
  }
  const variables = (stage: string): string[] => {
    const [, block = ''] = /^ENV ((?:.*\\\n|\s*#.*\n)*.*)$/m.exec(stage) ?? []
    return [...block.replace(/^\s*#.*$/gm, '').matchAll(/(\w+)=/g)].map(([, name = '']) => name)
  }

  it.each([
    ['app', ENVIRONMENT_NAMES, '/healthz', 'SERVER_PORT'],
    ['egress', EGRESS_NAMES, '/healthz', 'EGRESS_PORT'],
  ])('makes of %s an unprivileged process with a health check', async (name, known, path, port) => {
    const stage = (await stages()).get(name) ?? ''
    // Of the C library, not of the app
    const own = variables(stage).filter((each) => each !== 'MALLOC_ARENA_MAX')
    expect(own).toContain('NODE_ENV')
    expect(own.filter((each) => !known.includes(each))).toEqual([])
    expect(known).toContain(port)
    expect(stage).toMatch(/^USER node$/m)
    expect(stage).toMatch(/^STOPSIGNAL SIGTERM$/m)
    expect(stage.slice(stage.indexOf('HEALTHCHECK'))).toContain(`process.env.${port}`)
    expect(stage.slice(stage.indexOf('HEALTHCHECK'))).toContain(path)
  })

  it('keeps what the egress worker records in a volume', async () => {
    const stage = (await stages()).get('egress') ?? ''
    const [, folder = 'none'] = /DATA_DIR=(\S+)/.exec(stage) ?? []
    expect(stage).toContain(`\nVOLUME ${folder}\n`)
  })

  it('makes the app when no target is named', async () => {
    expect([...(await stages()).keys()].at(-1)).toBe('app')
  })
})
