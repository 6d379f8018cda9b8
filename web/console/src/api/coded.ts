// SPDX-License-Identifier: Apache-2.0
// A column of words may hold the code, or its number: here it is the code (or the number as text,
// when the words have none), and its label.
import { view, type Column } from './catalogue'
import type { Cell } from './view'
import { said } from '@/words'

const columnOf = (path: string, name: string): Column | undefined =>
  view(path)?.columns.find((c) => c.name === name)

export function codeOf(path: string, name: string, v: Cell): string {
  const words = columnOf(path, name)?.words
  return typeof v === 'number' ? (words?.[v]?.code ?? String(v)) : String(v ?? '')
}

export function labelOf(path: string, name: string, v: Cell): string {
  const words = columnOf(path, name)?.words ?? []
  const w = typeof v === 'number' ? words[v] : words.find((x) => x.code === v)
  return said(w, String(v ?? ''))
}
