import { TRPCClientError } from '@trpc/client'

/** An error as a person is told about it. */
export interface Explained {
  /** A sentence or two: what happened, and what now. */
  readonly message: string
  /** tRPC code of the server's answer; absent when there was none. */
  readonly code: string | undefined
  /** For whoever looks into it. */
  readonly details: string | undefined
  /** Whether the same call may well succeed in a moment. */
  readonly isTransient: boolean
}

const AWAY = "The server can't be reached. Check your connection, then try again."
const UNEXPECTED = 'Something went wrong in this page. Reload it and try again.'
const TRANSIENT_CODES = new Set(['SERVICE_UNAVAILABLE', 'TOO_MANY_REQUESTS'])

/** The one place that turns whatever was thrown into words. The server's messages are made for people. */
export function explainError(error: unknown): Explained {
  if (!(error instanceof TRPCClientError)) {
    return {
      message: UNEXPECTED,
      code: undefined,
      details: error instanceof Error ? `${error.name}: ${error.message}` : undefined,
      isTransient: false,
    }
  }
  const code = textAt(error.data, 'code')
  // An answer without our code came from something between us and the server, or there was none
  if (code === undefined)
    return { message: AWAY, code, details: `Network: ${error.message}`, isTransient: true }
  const path = textAt(error.data, 'path')
  return {
    message: withoutFieldName(error.message),
    code,
    details: path === undefined ? code : `${code} (${path})`,
    isTransient: TRANSIENT_CODES.has(code),
  }
}

/** "roomName: The room name can't be empty." names the field for programs; people see the sentence. */
function withoutFieldName(message: string): string {
  return message.replace(/^[a-z][\w.]*: /, '')
}

function textAt(data: unknown, key: string): string | undefined {
  if (typeof data !== 'object' || data === null) return undefined
  const value: unknown = Reflect.get(data, key)
  return typeof value === 'string' ? value : undefined
}
