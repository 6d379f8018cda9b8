// SPDX-License-Identifier: Apache-2.0
// UUID version 7 (RFC 9562): the milliseconds, then chance. An act sent again has the same.

export function uuid7(now = Date.now()): string {
  const b = new Uint8Array(16)
  crypto.getRandomValues(b)
  let ms = now
  for (let i = 5; i >= 0; i--) {
    b[i] = ms % 256
    ms = Math.floor(ms / 256)
  }
  b[6] = 0x70 | (b[6] & 0x0f)
  b[8] = 0x80 | (b[8] & 0x3f)
  const hex = Array.from(b, (x) => x.toString(16).padStart(2, '0')).join('')
  return [0, 8, 12, 16, 20].map((at, i, cut) => hex.slice(at, cut[i + 1] ?? 32)).join('-')
}
