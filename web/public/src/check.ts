// SPDX-License-Identifier: Apache-2.0
// A receipt against a proof and public keys: what was found, step by step, in both languages.
import { etc } from '@noble/ed25519'
import { sha512 } from '@noble/hashes/sha2'
import { fromBase64, fromHex, join, same } from './bytes'
import { readKey, readNote, signedBy, type Key } from './note'
import { rootOf } from './tree'

etc.sha512Sync = (...parts) => sha512(join(...parts))

interface Words {
  zh: string
  en: string
}
export interface Verdict extends Words {
  good: boolean
  more: Words[]
}

const bad = (zh: string, en: string): Verdict => ({ good: false, zh, en, more: [] })

function readProof(text: string) {
  const blank = text.indexOf('\n\n')
  const head = text.slice(0, blank).split('\n')
  if (blank < 0 || head.shift() !== 'c2sp.org/tlog-proof@v1') return undefined
  if (head[0]?.startsWith('extra ')) head.shift()
  const index = /^index (0|[1-9][0-9]*)$/.exec(head.shift() ?? '')
  const path = head.map(fromBase64)
  if (!index || path.some((p) => p?.length !== 32)) return undefined
  return { index: BigInt(index[1]), path: path as Uint8Array[], note: text.slice(blank + 2) }
}

function readCheckpoint(text: string) {
  const [origin, size, root] = text.split('\n')
  const hash = fromBase64(root ?? '')
  if (!origin || !/^(0|[1-9][0-9]*)$/.test(size ?? '') || hash?.length !== 32) return undefined
  return { origin, size: BigInt(size), root: hash }
}

function readKeys(text: string): Key[] | undefined {
  const keys = text
    .split('\n')
    .map((l) => l.trim())
    .filter((l) => l)
    .map(readKey)
  return keys.length && keys.every((k) => k) ? (keys as Key[]) : undefined
}

export function check(proofText: string, leafText: string, keysText: string): Verdict {
  const proof = readProof(`${proofText.replace(/\r/g, '').trim()}\n`)
  if (!proof) {
    return bad('存证证明的格式不对，请整段复制。', 'The proof is not whole: copy all of it.')
  }
  const leaf = fromHex(leafText.trim().toLowerCase())
  if (leaf?.length !== 32) {
    return bad('校验值应为 64 位数字和字母 a–f。', 'The leaf has 64 digits and letters a to f.')
  }
  const keys = readKeys(keysText)
  if (!keys) {
    return bad('公钥的格式不对（名称+校验+公钥）。', 'A public key reads NAME+HASH+KEY.')
  }
  const note = readNote(proof.note)
  const point = note && readCheckpoint(note.text)
  if (!note || !point) {
    return bad('证明里的存证点格式不对。', 'The checkpoint in the proof is malformed.')
  }
  const log = keys[0]
  if (log.name !== point.origin || !signedBy(note, log)) {
    return bad(
      `存证点不是 ${log.name} 签署的：公钥不对，或证明被改过。`,
      `The checkpoint is not signed by ${log.name}: another key, or the proof was changed.`,
    )
  }
  const root = rootOf(leaf, proof.index, point.size, proof.path)
  if (!root || !same(root, point.root)) {
    return bad(
      '这条记录不在该存证点之下：校验值、序号或证明被改过。',
      'The entry is not under this checkpoint: leaf, index or proof was changed.',
    )
  }
  const more = keys.slice(1).map((key) => {
    const signed = signedBy(note, key)
    const when = signed?.at ? new Date(signed.at * 1000).toISOString() : ''
    return signed
      ? { zh: `见证单位 ${key.name} 已签署 ${when}`, en: `witness ${key.name} has signed ${when}` }
      : { zh: `见证单位 ${key.name} 没有签署`, en: `witness ${key.name} has not signed` }
  })
  return {
    good: true,
    zh: `回执有效：这是 ${point.origin} 台账第 ${proof.index} 条记录，存证点含 ${point.size} 条。`,
    en:
      `The receipt is good: entry ${proof.index} of ${point.origin}, ` +
      `under a checkpoint of ${point.size}.`,
    more,
  }
}
