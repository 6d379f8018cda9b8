// SPDX-License-Identifier: Apache-2.0
// An alarm as the desk sees it, and the order in which they are dealt with: open before signed for,
// red before orange, the one whose next rung comes first before the others.
import { alarmRule, keyWords, view } from '@/api/catalogue'
import type { Cell, Row } from '@/api/view'
import type { Counted } from '@/links'
import { subjectLabel } from '@/parts/cell'
import { said } from '@/words'

export const COLOURS = ['red', 'orange', 'yellow', 'blue'] as const
export type Colour = (typeof COLOURS)[number]
export const STATE = { open: 0, signed: 1, closed: 2, grouped: 3 }

// The open ones at a place and below, of one colour or of all, as rows.
export const openOf = (place: string, colour?: Colour): Counted => ({
  view: 'alarm/alarms',
  place,
  columns: {
    state: [String(STATE.open), String(STATE.signed)],
    ...(colour ? { colour } : {}),
  },
})

export interface Alarm {
  id: number
  rule: string
  colour: Colour
  place: string
  subject: string
  state: number
  owner: string
  raised: number
  cause: number
  ackBy: Cell
  ackAt: number
  ackDue: number
  rung: number
  rungDue: number
  asks: string
  folded: number
  closed: number
  newest: number
}

// A column of words may hold the code, or its number.
function coded(path: string, column: string, v: Cell): string {
  const words = view(path)?.columns.find((c) => c.name === column)?.words
  return typeof v === 'number' ? (words?.[v]?.code ?? String(v)) : String(v)
}

export const colourOf = (v: Cell): Colour => coded('alarm/alarms', 'colour', v) as Colour

// What it is about, beside its place.
export const aboutOf = (r: Row): string => subjectLabel(String(r.subject), String(r.place))

export function alarmOf(r: Row): Alarm {
  return {
    id: Number(r.id),
    rule: String(r.rule),
    colour: colourOf(r.colour),
    place: String(r.place ?? ''),
    subject: String(r.subject ?? ''),
    state: Number(r.state),
    owner: String(r.owner ?? ''),
    raised: Number(r.raised_ms),
    cause: Number(r.cause),
    ackBy: r.ack_by,
    ackAt: Number(r.ack_ms),
    ackDue: Number(r.ack_due_ms),
    rung: Number(r.rung),
    rungDue: Number(r.rung_due_ms),
    asks: String(r.asks ?? ''),
    folded: Number(r.folded),
    closed: Number(r.closed_ms),
    newest: Number(r.newest),
  }
}

export const title = (a: Alarm): string => said(alarmRule(a.rule), a.rule)

// The next action in words: every red has one.
export function nextAction(a: Alarm): string {
  const r = alarmRule(a.rule)
  return r ? said({ zh: r.next_zh ?? '', en: r.next_en ?? '' }) : ''
}
export const roleName = (id: string): string => said(keyWords('role', id), id)

// When something happens by itself: the next rung, or the end of what was signed for.
export function dueOf(a: Alarm): number {
  return a.state === STATE.signed ? a.ackDue : a.rungDue
}

export function inOrder(list: Alarm[]): Alarm[] {
  const far = Number.MAX_SAFE_INTEGER
  return [...list].sort(
    (a, b) =>
      COLOURS.indexOf(a.colour) - COLOURS.indexOf(b.colour) ||
      a.state - b.state ||
      (dueOf(a) || far) - (dueOf(b) || far) ||
      a.id - b.id,
  )
}
