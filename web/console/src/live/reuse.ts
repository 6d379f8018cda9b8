// SPDX-License-Identifier: Apache-2.0
// What was read again and says the same stays the same object, so that what shows it is not drawn
// again: of a busy board's rows few change in a second.

function same(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b) return false
  if (a instanceof Map) return b instanceof Map && same([...a], [...b])
  const names = Object.keys(a)
  if (names.length !== Object.keys(b).length) return false
  const [x, y] = [a as Record<string, unknown>, b as Record<string, unknown>]
  return names.every((n) => same(x[n], y[n]))
}

// `now`, with those of `before` that say the same (found by `key`); `before` itself when all do.
export function reuse<T>(before: T[], now: T[], key: (x: T) => unknown): T[] {
  const known = new Map(before.map((x) => [key(x), x]))
  const list = now.map((x) => {
    const old = known.get(key(x))
    return old !== undefined && same(old, x) ? old : x
  })
  const isAll = list.length === before.length && list.every((x, i) => x === before[i])
  return isAll ? before : list
}
