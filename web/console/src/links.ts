// SPDX-License-Identifier: Apache-2.0
// Every id is a link to its whole life: 监督审计/追溯. An id that is no trace's, but a page's own
// (an alarm, an order), links there.
import type { RouteLocationRaw, Router } from 'vue-router'
import type { Columns } from '@/api/view'
import { mayRead } from '@/api/me'
import { groups } from '@/pages'

const has = (name: string): boolean => groups.some((g) => g.pages.some((p) => p.name === name))

const ROWS = '/command/rows' // the page named commandRows

export const TRACE = 'auditTrace' // the page that takes `id`: "alarm:12", "entry:340", "bag:YW-1"

// A number is a link to the rows that it counts, or whose column `sum` it sums: the page of a view
// filtered to just these. Each row names the entry that made it.
export interface Counted {
  view: string
  place?: string
  columns?: Columns
  sum?: string
}

// The same as an address, for boards of many numbers.
export function rowsAddress(of: Counted): string | null {
  if (!mayRead(of.view)) return null
  const query = new URLSearchParams({ view: of.view })
  if (of.place !== undefined) query.set('at', of.place)
  if (of.sum) query.set('sum', of.sum)
  for (const [name, value] of Object.entries(of.columns ?? {}))
    for (const v of Array.isArray(value) ? value : [value]) query.append(`is.${name}`, v)
  return `${ROWS}?${query.toString()}`
}

// A click on such an anchor, or on what stands around it. (A router-link each costs more than the
// numbers of a board are worth.)
export function goTo(router: Router, e: MouseEvent): void {
  const a = (e.target as HTMLElement).closest<HTMLAnchorElement>('a.counted')
  if (!a || e.button || e.ctrlKey || e.metaKey || e.shiftKey || e.altKey) return
  e.preventDefault()
  void router.push((a.getAttribute('href') ?? '#/').slice(1))
}

export function rowsLink(of: Counted): RouteLocationRaw | null {
  if (!mayRead(of.view)) return null
  const query: Record<string, string | string[]> = { view: of.view }
  if (of.place !== undefined) query.at = of.place
  if (of.sum) query.sum = of.sum
  for (const [name, value] of Object.entries(of.columns ?? {})) query[`is.${name}`] = value
  return { name: 'commandRows', query }
}

export function traceLink(kind: string, id: string | number): RouteLocationRaw | null {
  if (kind === 'alarm') return { name: 'commandAlarms', query: { alarm: String(id) } }
  return has(TRACE) ? { name: TRACE, params: { id: `${kind}:${id}` } } : null
}
