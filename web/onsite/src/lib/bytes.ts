// SPDX-License-Identifier: Apache-2.0
// Texts as the ledger has them: hex, canonical JSON (RFC 8785 for what an act holds: texts, whole
// numbers, true, false, lists, objects), keyed hashes, keys of acts.

export type Json = string | number | boolean | null | Json[] | { [name: string]: Json }

const utf8 = new TextEncoder()
export const bytesOf = (text: string): Uint8Array => utf8.encode(text)

export function hexOf(bytes: ArrayBuffer | Uint8Array): string {
  return Array.from(new Uint8Array(bytes), (b) => b.toString(16).padStart(2, '0')).join('')
}

export function unhex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16))
}

export function canonical(v: Json): string {
  if (Array.isArray(v)) return `[${v.map(canonical).join(',')}]`
  if (v && typeof v === 'object') {
    const names = Object.keys(v).sort()
    return `{${names.map((n) => `${JSON.stringify(n)}:${canonical(v[n])}`).join(',')}}`
  }
  if (typeof v === 'number' && !Number.isSafeInteger(v)) throw new Error(`no whole number: ${v}`)
  return JSON.stringify(v)
}

export async function sha256(text: string): Promise<string> {
  return hexOf(await crypto.subtle.digest('SHA-256', bytesOf(text)))
}

export async function hmac(key: Uint8Array, text: string): Promise<string> {
  const k = await crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, [
    'sign',
  ])
  return hexOf(await crypto.subtle.sign('HMAC', k, bytesOf(text)))
}

export function randomHex(bytes: number): string {
  return hexOf(crypto.getRandomValues(new Uint8Array(bytes)))
}

// UUID of version 7: its first bits are the time, so keys sort as they were made.
export function uuid(now: number): string {
  const t = now.toString(16).padStart(12, '0'),
    r = crypto.getRandomValues(new Uint8Array(10))
  r[0] = (r[0] & 0x0f) | 0x70
  r[2] = (r[2] & 0x3f) | 0x80
  const h = hexOf(r)
  return `${t.slice(0, 8)}-${t.slice(8)}-${h.slice(0, 4)}-${h.slice(4, 8)}-${h.slice(8)}`
}

// The key of what follows from another act: the same each time.
export const follows = (key: string): string =>
  key.slice(0, -1) + ((parseInt(key.slice(-1), 16) + 1) % 16).toString(16)

// What a Chinese keyboard makes of digits and letters, as the gun meant them.
export function toHalf(text: string): string {
  return text
    .replace(/[\uff01-\uff5e]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
    .replace(/\u3000/g, ' ')
    .replace(/[\u2014\u2013\u2212]/g, '-')
    .trim()
}
