// SPDX-License-Identifier: Apache-2.0
// Every id is a link to its whole life: 监督审计/追溯. An id that is no trace's, but a page's own
// (an alarm, an order), links there.
import type { RouteLocationRaw } from 'vue-router'
import { groups } from '@/pages'

const has = (name: string): boolean => groups.some((g) => g.pages.some((p) => p.name === name))

export const TRACE = 'auditTrace' // the page that takes `id`: "alarm:12", "entry:340", "bag:YW-1"

export function traceLink(kind: string, id: string | number): RouteLocationRaw | null {
  if (kind === 'alarm') return { name: 'commandAlarms', query: { alarm: String(id) } }
  return has(TRACE) ? { name: TRACE, params: { id: `${kind}:${id}` } } : null
}
