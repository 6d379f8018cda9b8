// SPDX-License-Identifier: Apache-2.0
// Every id is a link to its whole life: 监督审计/追溯. An id that is no trace's, but a page's own
// (an alarm, an order), links there.
import type { RouteLocationRaw, Router } from 'vue-router'
import type { Columns } from '@/api/view'
import { mayRead } from '@/api/me'
import { groups } from '@/pages'

let paths: Map<string, string> | null = null
const pathOf = (name: string): string | undefined =>
  (paths ??= new Map(groups.flatMap((g) => g.pages.map((p) => [p.name, p.path])))).get(name)

const ROWS = '/command/rows' // the page named commandRows

export const TRACE = 'auditTrace' // the page that takes `id`: "alarm:12", "entry:340", "code:YW-1"

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

// A click on such an anchor, or on what stands around it; whether it led somewhere. (A router-link
// each costs more than the numbers of a board are worth.)
export function goTo(router: Router, e: MouseEvent, anchors = 'a.counted'): boolean {
  const a = (e.target as HTMLElement).closest<HTMLAnchorElement>(anchors)
  const to = a?.getAttribute('href')
  if (!to?.startsWith('#') || e.defaultPrevented) return false
  if (e.button || e.ctrlKey || e.metaKey || e.shiftKey || e.altKey) return false
  e.preventDefault()
  void router.push(to.slice(1))
  return true
}

export function rowsLink(of: Counted): RouteLocationRaw | null {
  if (!mayRead(of.view)) return null
  const query: Record<string, string | string[]> = { view: of.view }
  if (of.place !== undefined) query.at = of.place
  if (of.sum) query.sum = of.sum
  for (const [name, value] of Object.entries(of.columns ?? {})) query[`is.${name}`] = value
  return { name: 'commandRows', query }
}

// The same as an address, for lists of many ids.
export function traceAddress(kind: string, id: string | number): string | null {
  const name = kind === 'alarm' ? 'commandAlarms' : TRACE
  const path = pathOf(name)
  if (path === undefined) return null
  const at = encodeURIComponent(id)
  return kind === 'alarm' ? `${path}?alarm=${at}` : `${path.replace(/:.*$/, '')}${kind}:${at}`
}

export function traceLink(kind: string, id: string | number): RouteLocationRaw | null {
  if (kind === 'alarm') return { name: 'commandAlarms', query: { alarm: String(id) } }
  return pathOf(TRACE) ? { name: TRACE, params: { id: `${kind}:${id}` } } : null
}
