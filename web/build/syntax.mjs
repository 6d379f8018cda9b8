// SPDX-License-Identifier: Apache-2.0
// Every script that was built must be read by Chrome 87: the language of 2020, no newer word of it.
// (What newer browsers add to their library is not seen here: `lib` of tsconfig.json keeps to it.)
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { parse } from 'acorn'
import { filesOf } from './compress.mjs'

// A file's scripts: itself, or what stands in a page.
function scriptsOf(path) {
  const text = readFileSync(path, 'utf8')
  if (path.endsWith('.js')) return [text]
  return [...text.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].map((m) => m[1]).filter((t) => t)
}

export function checkSyntax(folder) {
  let scripts = 0
  for (const path of filesOf(folder).filter((p) => /\.(js|html)$/.test(p))) {
    for (const text of scriptsOf(path)) {
      try {
        parse(text, { ecmaVersion: 2020, sourceType: 'module' })
      } catch (e) {
        throw new Error(`${basename(path)}: Chrome 87 cannot read it: ${e.message}`)
      }
      scripts++
    }
  }
  return scripts
}
