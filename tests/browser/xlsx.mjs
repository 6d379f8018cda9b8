// SPDX-License-Identifier: Apache-2.0
// What a spreadsheet says: the rows of its first sheet, a text a cell, numbers as numbers.  Enough
// of ZIP and of SpreadsheetML to read back what the server writes, with none of its code.
import { inflateRawSync } from 'node:zlib'

const END = 0x06054b50, ENTRY = 0x02014b50, DEFLATED = 8

function members(bytes) {
  let at = bytes.length - 22
  while (bytes.readUInt32LE(at) !== END) at--
  const files = new Map(), n = bytes.readUInt16LE(at + 10)
  at = bytes.readUInt32LE(at + 16)
  for (let i = 0; i < n; i++) {
    if (bytes.readUInt32LE(at) !== ENTRY) throw new Error(`no entry of a zip at ${at}`)
    const size = bytes.readUInt32LE(at + 20), nameN = bytes.readUInt16LE(at + 28)
    const local = bytes.readUInt32LE(at + 42)
    const from = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28)
    const body = bytes.subarray(from, from + size)
    files.set(bytes.toString('utf8', at + 46, at + 46 + nameN),
      (bytes.readUInt16LE(at + 10) === DEFLATED ? inflateRawSync(body) : body).toString('utf8'))
    at += 46 + nameN + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32)
  }
  return files
}

const ENTITIES = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
const plain = (s) => s.replace(/&(\w+);/g, (_, name) => ENTITIES[name])
const texts = (xml) => [...xml.matchAll(/<t\b[^>]*>([^<]*)<\/t>/g)].map((m) => plain(m[1])).join('')
const columnOf = (ref) =>
  [...ref.replace(/\d/g, '')].reduce((n, c) => n * 26 + c.charCodeAt(0) - 64, 0) - 1

function cellOf(kind, inside, shared) {
  if (kind === 'inlineStr') return texts(inside)
  const v = /<v>([^<]*)<\/v>/.exec(inside)?.[1] ?? ''
  return kind === 's' ? shared[Number(v)] : kind === 'str' ? plain(v) : Number(v)
}

export function sheet(bytes) {
  const files = members(bytes)
  const shared = [...(files.get('xl/sharedStrings.xml') ?? '').matchAll(/<si>(.*?)<\/si>/gs)]
    .map((m) => texts(m[1]))
  return [...files.get('xl/worksheets/sheet1.xml').matchAll(/<row\b[^>]*>(.*?)<\/row>/gs)]
    .map(([, row]) => {
      const cells = []
      for (const [, attributes, inside] of row.matchAll(/<c\b([^>]*)>(.*?)<\/c>/gs)) {
        const ref = /\br="([A-Z]+)\d+"/.exec(attributes)[1]
        cells[columnOf(ref)] = cellOf(/\bt="(\w+)"/.exec(attributes)?.[1], inside, shared)
      }
      return cells
    })
}
