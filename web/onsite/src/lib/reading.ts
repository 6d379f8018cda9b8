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

// `keeps` false: too large to be kept as it is.  `more` of the query is not what it is kept under.
export async function read<T>(path: string, keeps = true, more = ''): Promise<Read<T> | undefined> {
  const shelf = `read:${path}`
  try {
    if (!line.value || !t.who) throw new Error('no line')
    const value = await line.value.read<T>(path + more, t.who)
    const at = Date.now()
    if (keeps) await keepPlain(shelf, { value, at })
    return { value, at, fresh: true }
  } catch (e) {
    if (e instanceof Refused && e.problem.status === 404) return undefined
    const old = await kept<{ value: T; at: number }>(shelf)
    return old && { ...old, fresh: false }
  }
}

// Rows of a view, with what was done here in them.
export async function rows<T>(view: string): Promise<T[]> {
  const path = `/api/v1/${view}${view.includes('?') ? '&' : '?'}limit=2000`
  const newest = t.acts.reduce((max, a) => Math.max(max, a.index ?? -1), -1)
  const r = await read<{ items: T[] }>(path, true, newest < 0 ? '' : `&min_index=${newest}`)
  return r?.value.items ?? []
}
