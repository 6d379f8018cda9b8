// SPDX-License-Identifier: Apache-2.0
// Hex and base64, strictly: what is not exactly that is undefined.

export function fromHex(text: string): Uint8Array | undefined {
  if (!/^([0-9a-f]{2})*$/.test(text)) return undefined
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16))
}

export function fromBase64(text: string): Uint8Array | undefined {
  const form = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/
  if (!form.test(text)) return undefined
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0))
  // Bits that are left over must be zero, or one value would have several texts.
  return btoa(String.fromCharCode(...bytes)) === text ? bytes : undefined
}

export function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((x, i) => x === b[i])
}

export function join(...parts: Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((n, p) => n + p.length, 0))
  let at = 0
  for (const p of parts) {
    all.set(p, at)
    at += p.length
  }
  return all
}
