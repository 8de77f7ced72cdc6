import { expect, it } from 'vitest'
import { importedScripts, pageScripts } from './script-references.ts'

it('finds the scripts of a page, and no styles', () => {
  const html = `<link rel="stylesheet" crossorigin href="/assets/a.css">
    <script type="module" crossorigin src="/assets/index.js"></script>
    <link rel="modulepreload" crossorigin href="/assets/shared.js">`
  expect(pageScripts(html)).toEqual(['/assets/index.js', '/assets/shared.js'])
})

it.each([
  { code: 'import{a as b,c}from"./x-1.js";b()', expected: ['/assets/x-1.js'] },
  { code: 'import"./x.js";import*as y from"./y.js";', expected: ['/assets/x.js', '/assets/y.js'] },
  { code: 'var a=1;export{b}from"../z.js";', expected: ['/z.js'] },
  { code: 'import $ from"./jq.js"', expected: ['/assets/jq.js'] },
  { code: 'const a=()=>import("./lazy.js");', expected: [] },
  { code: 'const text="import this from";const b="./x.js"', expected: [] },
])('finds what $code imports statically', ({ code, expected }) => {
  expect(importedScripts(code, '/assets/index.js')).toEqual(expected)
})
