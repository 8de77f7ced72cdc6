import { z } from 'zod'

/** What values of the environment may be, with messages that go on after the variable's name. */
export const url = (...protocols: string[]) =>
  z.string().transform((text, context) => {
    if (URL.canParse(text) && protocols.includes(new URL(text).protocol)) return text.replace(/\/+$/, '')
    context.addIssue({
      code: 'custom',
      message: `must be a URL that begins with ${protocols.join('// or ')}//`,
    })
    return z.NEVER
  })

export const httpUrl = () => url('http:', 'https:')
export const liveKitUrl = () => url('http:', 'https:', 'ws:', 'wss:')

/** A number of whole units, written in digits. */
export const integer = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(min, `must be at least ${min}`).max(max, `must be at most ${max}`))

/** Several, with blanks or commas between them. */
export const listOf = (isRight: (each: string) => boolean, message: string) =>
  z
    .string()
    .transform((text) => text.split(/[\s,]+/).filter((each) => each !== ''))
    .refine((all) => all.every(isRight), message)

/** The same URL as `http(s)` for calls or `ws(s)` for browsers; whether it is encrypted stays as it is. */
export function withScheme(text: string, scheme: 'http' | 'ws'): string {
  return text.replace(/^(?:http|ws)(s?):/, `${scheme}$1:`)
}
