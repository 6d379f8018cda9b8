// SPDX-License-Identifier: Apache-2.0
// What is read, as whoever acts here; without a line, what was read last.
import { Refused } from './link'
import { keepPlain, kept } from './store'
import { line, t } from './terminal'

export interface Read<T> {
  value: T
  at: number
  fresh: boolean
}

export async function read<T>(path: string): Promise<Read<T> | undefined> {
  const shelf = `read:${path}`
  try {
    if (!line.value || !t.who) throw new Error('no line')
    const value = await line.value.read<T>(path, t.who),
      at = Date.now()
    await keepPlain(shelf, { value, at })
    return { value, at, fresh: true }
  } catch (e) {
    if (e instanceof Refused && e.problem.status === 404) return undefined
    const old = await kept<{ value: T; at: number }>(shelf)
    return old && { ...old, fresh: false }
  }
}

export async function rows<T>(view: string): Promise<T[]> {
  const r = await read<{ items: T[] }>(`/api/v1/${view}${view.includes('?') ? '&' : '?'}limit=2000`)
  return r?.value.items ?? []
}
