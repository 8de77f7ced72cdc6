/** Which scripts a built page and a built module load without being asked to. Pure. */

/** Paths of the module scripts and of the modules that an HTML page preloads, as from its root. */
export function pageScripts(html: string): string[] {
  const paths: string[] = []
  for (const [tag] of html.matchAll(/<(?:script|link)\b[^>]*>/g)) {
    const isPreload = /\brel="modulepreload"/.test(tag)
    if (!tag.startsWith('<script') && !isPreload) continue
    const path = /\b(?:src|href)="([^"]+)"/.exec(tag)?.[1]
    if (path !== undefined) paths.push(path)
  }
  return paths
}

/**
 * Paths of what a minified module imports statically (`import"./x.js"`, `import{a}from"./x.js"`,
 * `export{a}from"./x.js"`), resolved against its own. Calls of `import()` are left out.
 */
export function importedScripts(code: string, path: string): string[] {
  const statement = /(?:^|[;}\n])\s*(?:import|export)\s*(?:[\w$*{][^"'`;()]*?from\s*)?(["'])(\.[^"']+\.js)\1/g
  const base = new URL(path, 'http://page')
  return [...code.matchAll(statement)].map(([, , reference]) => new URL(reference ?? '', base).pathname)
}
