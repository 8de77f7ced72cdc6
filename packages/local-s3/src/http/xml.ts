/** An element of a response: a text, or elements inside. */
export interface XmlElement {
  readonly name: string
  readonly content: string | readonly XmlElement[]
}

const S3_NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/'

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

// Control characters and line ends would be lost or refused as plain text, so they go as references, as S3 does
// eslint-disable-next-line no-control-regex -- control characters are what this is about
const NEEDS_ESCAPE = /[&<>"\u0000-\u001f\u007f-\u009f\ufffe\uffff]/g

export function escapeXml(text: string): string {
  return text.replace(
    NEEDS_ESCAPE,
    (char) => ENTITIES[char] ?? `&#x${char.charCodeAt(0).toString(16).toUpperCase()};`,
  )
}

export function element(
  name: string,
  content: string | number | boolean | readonly XmlElement[],
): XmlElement {
  return {
    name,
    content: typeof content === 'number' || typeof content === 'boolean' ? String(content) : content,
  }
}

/** No element at all where there is no value. */
export function optionalElement(name: string, content: string | number | undefined): XmlElement[] {
  return content === undefined ? [] : [element(name, content)]
}

function render({ name, content }: XmlElement): string {
  const inner = typeof content === 'string' ? escapeXml(content) : content.map(render).join('')
  return `<${name}>${inner}</${name}>`
}

/** A whole document. Error documents are the ones that S3 sends without a namespace. */
export function renderXml(root: string, children: readonly XmlElement[]): string {
  const namespace = root === 'Error' ? '' : ` xmlns="${S3_NAMESPACE}"`
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root}${namespace}>${children.map(render).join('')}</${root}>`
}
