// SPDX-License-Identifier: Apache-2.0
// A .gz beside every text file of a folder; the same bytes for the same input, on any day.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { constants, gzipSync } from 'node:zlib'

const TEXT = /\.(html|js|css|svg|json|webmanifest|txt)$/

export function filesOf(folder) {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    return statSync(path).isDirectory() ? filesOf(path) : [path]
  })
}

export function compress(folder) {
  const sum = { files: 0, gz: 0 }
  for (const path of filesOf(folder).filter((p) => TEXT.test(p))) {
    const packed = gzipSync(readFileSync(path), { level: constants.Z_BEST_COMPRESSION })
    writeFileSync(`${path}.gz`, packed)
    sum.files++
    sum.gz += packed.length
  }
  return sum
}
