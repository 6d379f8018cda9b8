// SPDX-License-Identifier: Apache-2.0
// What somebody has filled in, as the data of an act: texts apart, for the vault.
import type { Json } from './bytes'
import { toHalf } from './bytes'
import type { Command, Field } from './catalogue'
import { personOf, slotOf } from './people'
import { roomOf } from './sitting'
import type { Slot } from './store'
import { timeOf } from './time'

export type Filled = { [name: string]: unknown }
export interface Wrong {
  field: string
  zh: string
  en: string
}

const wrong = (f: Field, zh: string, en: string): Wrong => ({
  field: f.name,
  zh: `${f.zh}：${zh}`,
  en: `${f.en}: ${en}`,
})
const isWrong = (v: unknown): v is Wrong => typeof v === 'object' && v !== null && 'field' in v

function whole(f: Field, text: string): Json | Wrong {
  const n = Number(toHalf(text))
  if (!/^-?\d+$/.test(toHalf(text))) return wrong(f, '应为数字', 'is a number')
  if ((f.min !== undefined && n < f.min) || (f.max !== undefined && n > f.max))
    return wrong(f, `应在 ${f.min} 至 ${f.max} 之间`, `is ${f.min} to ${f.max}`)
  return n
}

function room(f: Field, text: string): Json | Wrong {
  if (text.includes('/')) return text
  return roomOf(text)?.path ?? wrong(f, `没有 ${text} 考场`, `there is no room ${text}`)
}

// "8:50" or "0850" of this day, on the examination's clock.
function moment(f: Field, text: string): Json | Wrong {
  const m = /^([01]?\d|2[0-3]):?([0-5]\d)$/.exec(toHalf(text).replace('：', ':'))
  return m ? timeOf(Number(m[1]), Number(m[2])) : wrong(f, '应写作 8:50', 'is written 8:50')
}

// One field; undefined: nothing was filled in.
function valueOf(f: Field, v: unknown): Json | undefined | Wrong {
  if (f.type === 'list') return listOf(f, (v as Filled[]) ?? [])
  if (v === undefined || v === null || v === '')
    return f.optional ? undefined : wrong(f, '未填', 'is missing')
  const text = String(v).trim()
  if (f.type === 'bool') return v as boolean
  if (f.type === 'int' || f.type === 'id') return whole(f, text)
  if (f.type === 'time') return moment(f, text)
  if (f.type === 'place') return room(f, text)
  if (f.type === 'code') return toHalf(text).toUpperCase()
  if (f.type === 'person') return personOf(text)?.person ?? wrong(f, '不认识此工牌', 'unknown')
  return text
}

function listOf(f: Field, rows: Filled[]): Json | undefined | Wrong {
  const list: Json[] = []
  for (const row of rows) {
    const o: { [n: string]: Json } = {}
    for (const g of f.fields ?? []) {
      const v = valueOf(g, row[g.name])
      if (isWrong(v)) return v
      if (v !== undefined) o[g.name] = v
    }
    list.push(o)
  }
  if (!list.length) return f.optional ? undefined : wrong(f, '至少一行', 'at least one')
  return list
}

export function dataOf(
  c: Command,
  filled: Filled,
): { data: { [n: string]: Json }; texts: { [n: string]: string } } | Wrong {
  const data: { [n: string]: Json } = {}
  const texts: { [n: string]: string } = {}
  for (const f of c.fields) {
    const v = valueOf(f, filled[f.name])
    if (isWrong(v)) return v
    if (v === undefined) continue
    if (f.type === 'text') texts[f.name] = String(v)
    else data[f.name] = v
  }
  return { data, texts }
}

export function slotsOf(c: Command, people: { [slot: string]: number[] }): Slot[] | Wrong {
  const list: Slot[] = []
  for (const s of c.slots) {
    const who = people[s.name] ?? []
    if (who.length < s.count && !s.optional)
      return {
        field: s.name,
        zh: `${s.zh}：还差 ${s.count - who.length} 人的工牌`,
        en: `${s.en}: ${s.count - who.length} more badges`,
      }
    list.push(...who.map((p) => slotOf(s.name, p)))
  }
  return list
}
