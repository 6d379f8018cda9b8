// SPDX-License-Identifier: Apache-2.0
// A table's columns and lines as they are drawn. A line is one component and its cells are plain
// elements: while a list is scrolled, components are what costs.
import { h, type FunctionalComponent, type VNode } from 'vue'
import { label, linkKind } from './cell'
import type { Column } from '@/api/catalogue'
import type { Row } from '@/api/view'
import { traceAddress } from '@/links'
import { i18n } from '@/words'

const t = i18n.global.t

export interface Drawn {
  key: string
  title: string
  width: number
  grows: boolean // takes of what is left of the table's width
  side: 'left' | 'right'
  stays?: boolean // in sight however wide the rest is
  cell: (row: Row) => VNode
}
interface Line {
  row: Row
  at: number // from 0
  columns: Drawn[]
}

// Of what a page puts in: `side` and `stays` as the column's.
export const classOf = (c: Pick<Drawn, 'side' | 'stays'>): string =>
  `cell ${c.side}${c.stays ? ' stays' : ''}`

// A value as people read it; a link where it is the id of something.
export function drawCell(column: Column, view: string): (row: Row) => VNode {
  const { name, type } = column
  const kind = linkKind(column, view)
  const at = { role: 'cell', class: classOf({ side: type === 'int' ? 'right' : 'left' }) }
  const figures = type === 'int' || type === 'time' ? 'number' : undefined
  const isPlace = type === 'place' || type === 'subject'
  return ({ [name]: value }) => {
    const text = label(column, value)
    const to = kind && text ? traceAddress(kind, value as string | number) : null
    if (!to) {
      const title = isPlace ? String(value ?? '') : text
      return h('div', at, [h('span', { class: figures, title }, text)])
    }
    const a = h(
      'a',
      { class: 'number', href: `#${to}`, title: t('table.trace', { id: text }) },
      text,
    )
    return h('div', at, [a])
  }
}

export const LINE = 36 // pixels

// The header is the table's first row.
export const DrawnLine: FunctionalComponent<Line> = ({ row, at, columns }) =>
  h(
    'div',
    { role: 'row', class: 'line', 'aria-rowindex': at + 2, style: `top: ${at * LINE}px` },
    columns.map((c) => c.cell(row)),
  )
DrawnLine.props = ['row', 'at', 'columns']
