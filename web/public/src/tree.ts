// SPDX-License-Identifier: Apache-2.0
// RFC 6962, 2.1.1 (checked as RFC 9162, 2.1.3.2 has it): from a leaf and a path to the root.
import { sha256 } from '@noble/hashes/sha2'
import { join } from './bytes'

const NODE = Uint8Array.of(1)

// The root that this path gives, or undefined when it is not as long as the tree asks for.
// Indices and sizes are BigInt: they may be beyond what a number holds.
export function rootOf(
  leaf: Uint8Array,
  index: bigint,
  size: bigint,
  path: Uint8Array[],
): Uint8Array | undefined {
  if (index < 0n || index >= size) return undefined
  let hash = leaf
  let at = index
  let last = size - 1n
  for (const p of path) {
    if (last === 0n) return undefined
    if ((at & 1n) === 1n || at === last) {
      hash = sha256(join(NODE, p, hash))
      while ((at & 1n) === 0n && at !== 0n) {
        // without a neighbour it stood rows below as it is
        at >>= 1n
        last >>= 1n
      }
    } else {
      hash = sha256(join(NODE, hash, p))
    }
    at >>= 1n
    last >>= 1n
  }
  return last === 0n ? hash : undefined
}
