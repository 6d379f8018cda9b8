// SPDX-License-Identifier: Apache-2.0
// Rows of a view, a page at a time, as the server filters them.
import { get } from './client'

export type Cell = string | number | boolean | null
export type Row = Record<string, Cell>
// A column and its value; several: any of them.
export type Columns = Record<string, string | string[]>
export interface Page {
  items: Row[]
  next: string | null
  total?: number
  size: number // entries of the ledger that are in it
}
export interface Filter {
  place?: string
  q?: string
  min_index?: number
  columns?: Columns
}

export const PAGE_MOST = 2000

export function page(
  view: string,
  filter: Filter,
  after: string | null,
  limit = 200,
  counted = false,
): Promise<Page> {
  return get<Page>(view, {
    query: {
      ...filter.columns,
      place: filter.place,
      q: filter.q,
      min_index: filter.min_index,
      limit,
      after: after ?? undefined,
      total: counted ? 1 : undefined,
    },
  })
}

// All of them, for a board that shows a small view whole: at most `most` rows.
export async function rows(view: string, filter: Filter = {}, most = PAGE_MOST): Promise<Row[]> {
  const all: Row[] = []
  let after: string | null = null
  do {
    const p: Page = await page(view, filter, after, Math.min(PAGE_MOST, most - all.length))
    all.push(...p.items)
    after = p.next
  } while (after && all.length < most)
  return all
}
