// SPDX-License-Identifier: Apache-2.0
// C2SP signed-note and tlog-cosignature: who has signed a checkpoint.
import { verify } from '@noble/ed25519'
import { sha256 } from '@noble/hashes/sha2'
import { fromBase64, fromHex, join, same } from './bytes'

export interface Key {
  name: string
  id: Uint8Array
  type: number
  key: Uint8Array
}
interface Line {
  name: string
  id: Uint8Array
  signature: Uint8Array
}
export interface Note {
  text: string
  lines: Line[]
}

const utf8 = (s: string) => new TextEncoder().encode(s)

// NAME+HASH+KEY; undefined: it is no such key, or its hash is not its own.
export function readKey(line: string): Key | undefined {
  const part = /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(line)
  const id = part && fromHex(part[2])
  const bytes = part && fromBase64(part[3])
  if (!part || !id || bytes?.length !== 33 || (bytes[0] !== 1 && bytes[0] !== 4)) return undefined
  const own = sha256(join(utf8(`${part[1]}\n`), bytes)).slice(0, 4)
  return same(own, id) ? { name: part[1], id, type: bytes[0], key: bytes.slice(1) } : undefined
}

export function readNote(note: string): Note | undefined {
  const end = note.lastIndexOf('\n\n')
  if (end < 0 || !note.endsWith('\n')) return undefined
  const lines = []
  for (const line of note.slice(end + 2, -1).split('\n')) {
    const part = /^— (\S+) (\S+)$/.exec(line)
    const bytes = part && fromBase64(part[2])
    if (!part || !bytes || bytes.length < 5) return undefined
    lines.push({ name: part[1], id: bytes.slice(0, 4), signature: bytes.slice(4) })
  }
  return { text: note.slice(0, end + 1), lines }
}

// Has this key signed the note?  A witness's signature also says when: seconds since 1970.
export function signedBy(note: Note, key: Key): { at?: number } | undefined {
  for (const line of note.lines) {
    if (line.name !== key.name || !same(line.id, key.id)) continue
    if (
      key.type === 1 &&
      line.signature.length === 64 &&
      verify(line.signature, utf8(note.text), key.key)
    )
      return {}
    if (key.type !== 4 || line.signature.length !== 72) continue
    const view = new DataView(line.signature.buffer, line.signature.byteOffset, 8)
    const at = Number(view.getBigUint64(0))
    const text = `cosignature/v1\ntime ${at}\n${note.text}`
    if (at > 0 && verify(line.signature.slice(8), utf8(text), key.key)) return { at }
  }
  return undefined
}
