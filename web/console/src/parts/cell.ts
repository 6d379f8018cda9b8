// SPDX-License-Identifier: Apache-2.0
// A value of a view as people read it: labels, names of places, times in the examination's offset.
import type { Column } from '@/api/catalogue'
import { keyWords } from '@/api/catalogue'
import { me } from '@/api/me'
import { staffCode } from '@/api/people'
import { placeName } from '@/api/places'
import { sessions } from '@/api/programme'
import type { Cell } from '@/api/view'
import { dayText, secondText } from '@/live/clock'
import { i18n, said } from '@/words'

const t = i18n.global.t

export function timeLabel(ms: number): string {
  return ms > 0 ? `${dayText(ms)} ${secondText(ms)}` : ''
}

function keyLabel(ref: string | undefined, name: string, v: string): string {
  const at = ref ?? name
  const words = keyWords(at, v)
  if (words) return said(words)
  return name === 'session'
    ? said(
        sessions.value.find((s) => s.id === v),
        v,
      )
    : v
}

// "papers/physics/zh", "bag:YW-1": what a book or an alarm is about; a place is named, and a
// session at a place ("d1-maths:sc/cd/x01").
// `beside`: a place that stands beside it and need not be said again.
export function subjectLabel(v: string, beside = ''): string {
  const half = /^\d{4}-(\d\d-\d\d)\/(am|pm)$/.exec(v)
  if (half) return `${half[1]} ${t(`papers.${half[2]}`)}`
  const [session, place = ''] = v.split(':')
  if (beside && v === beside) return ''
  if (/^[a-z]{2}\//.test(v)) return placeName(v)
  if (!/^[a-z]{2}\//.test(place)) return v
  const name = keyLabel('session', 'session', session)
  return place === beside ? name : `${name} ${placeName(place)}`
}

function enumLabel(column: Column, v: string | number): string {
  const words = column.words ?? []
  const w = words.find((x) => x.code === v) ?? (typeof v === 'number' ? words[v] : undefined)
  return w ? said(w) : v === -1 ? '' : String(v)
}

export function label(column: Column, v: Cell): string {
  if (v === null || v === undefined || v === '') return ''
  switch (column.type) {
    case 'time':
      return timeLabel(Number(v))
    case 'bool':
      return Number(v) > 0 ? t('app.yes') : Number(v) < 0 ? '' : t('app.no')
    case 'enum':
      return enumLabel(column, v as string | number)
    case 'key':
      return keyLabel(column.ref, column.name, String(v))
    case 'place':
      return placeName(String(v))
    case 'subject':
      return subjectLabel(String(v))
    case 'person':
      return personLabel(v)
    case 'id':
      return Number(v) > 0 ? String(v) : ''
    default:
      return String(v)
  }
}

export function personLabel(v: Cell): string {
  if (!v || Number(v) === 0) return ''
  if (typeof v === 'string' && !/^\d+$/.test(v)) return v
  return me.value && Number(v) === me.value.person
    ? t('app.with', { what: me.value.code, more: t('app.me') })
    : (staffCode(Number(v)) ?? `${t('app.person')} ${v}`)
}

// What a cell links to: the entry, the alarm, or the object's own life.
export function linkKind(column: Column, view: string): string | null {
  if (column.name === 'alarm' || column.name === 'grp') return 'alarm'
  if (column.type === 'id' && view === 'alarm/alarms' && column.name === 'id') return 'alarm'
  if (column.type === 'id') return 'entry'
  if (column.type === 'code') return 'code'
  return column.type === 'person' ? 'person' : null
}
