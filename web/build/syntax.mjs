// SPDX-License-Identifier: Apache-2.0
// Every script that was built must be read by Chrome 87: the language of 2020, no newer word of it.
// (What newer browsers add to their library is not seen here: `lib` of tsconfig.json keeps to it.)
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { parse } from 'acorn'
import { filesOf } from './compress.mjs'

export function checkSyntax(folder) {
  const scripts = filesOf(folder).filter((path) => path.endsWith('.js'))
  for (const path of scripts) {
    try {
      parse(readFileSync(path, 'utf8'), { ecmaVersion: 2020, sourceType: 'module' })
    } catch (e) {
      throw new Error(`${basename(path)}: Chrome 87 cannot read it: ${e.message}`)
    }
  }
  return scripts.length
}
