// SPDX-License-Identifier: Apache-2.0
// What a person keyed -> what the API takes. Full-width letters and digits become half-width.
import type { Field } from '@/api/catalogue'
import { dayText, ledgerNow, offsetText, secondText } from '@/live/clock'

export type Keyed = string | boolean | KeyedRow[] | undefined
export type KeyedRow = { [name: string]: Keyed }

export const plain = (s: string): string => s.normalize('NFKC').trim()

// "2025-06-07T08:58:00", as <input type=datetime-local> has it, in the examination's offset.
export function nowKeyed(): string {
  const ms = ledgerNow()
  return `${dayText(ms)}T${secondText(ms)}`
}

function timeOf(keyed: string): string {
  return `${keyed.length === 16 ? `${keyed}:00` : keyed}${offsetText()}`
}

function one(field: Field, keyed: string): unknown {
  const s = plain(keyed)
  switch (field.type) {
    case 'int':
    case 'id':
      return /^-?\d+$/.test(s) ? Number(s) : s
    case 'time':
      return timeOf(s)
    case 'code':
    case 'person':
      return s.toUpperCase()
    case 'text':
      return keyed.trim()
    default:
      return s
  }
}

function listOf(field: Field, keyed: KeyedRow[]): Record<string, unknown>[] {
  return keyed.map((row) => dataOf(field.fields ?? [], row))
}

// Fields that were left empty are not sent.
export function dataOf(fields: Field[], keyed: KeyedRow): Record<string, unknown> {
  const data: Record<string, unknown> = {}
  for (const f of fields) {
    const v = keyed[f.name]
    if (typeof v === 'boolean') data[f.name] = v
    else if (Array.isArray(v)) data[f.name] = listOf(f, v)
    else if (typeof v === 'string' && v.trim() !== '') data[f.name] = one(f, v)
  }
  return data
}

export function isMissing(field: Field, keyed: Keyed): boolean {
  if (field.optional) return false
  if (Array.isArray(keyed)) {
    return (
      keyed.length < (field.min ?? 0) ||
      keyed.some((row) => (field.fields ?? []).some((f) => isMissing(f, row[f.name])))
    )
  }
  return keyed === undefined || keyed === ''
}

export function emptyRow(fields: Field[]): KeyedRow {
  const row: KeyedRow = {}
  for (const f of fields) row[f.name] = f.type === 'list' ? [] : undefined
  return row
}
