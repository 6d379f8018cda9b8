// SPDX-License-Identifier: Apache-2.0
// Builds every entry (a folder here with a vite.config.ts) into dist/, checks that an old browser
// can read what came out, and puts a .gz beside each text, which the server sends as it is.
import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { compress } from './compress.mjs'
import { checkSyntax } from './syntax.mjs'

const web = join(dirname(fileURLToPath(import.meta.url)), '..')
const entries = readdirSync(web).filter((name) => existsSync(join(web, name, 'vite.config.ts')))

for (const name of entries) {
  await build({ configFile: join(web, name, 'vite.config.ts'), logLevel: 'warn' })
  const folder = join(web, 'dist', name)
  const files = checkSyntax(folder)
  const sizes = compress(folder)
  console.log(`${name}: ${files} scripts, ${sizes.files} files, ${sizes.gz} bytes gzipped`)
}
