/**
 * How listings escape keys on request (`encoding-type=url`): as forms do, a space as `+`, but with slashes left as they
 * are. Clients undo either way of escaping a space.
 */
export function formEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /%20|%2F|[~!'()]/g,
    (part) => FORM[part] ?? `%${part.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

const FORM: Readonly<Record<string, string>> = { '%20': '+', '%2F': '/' }
