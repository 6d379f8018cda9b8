// SPDX-License-Identifier: Apache-2.0
// Zero-reports of a session, up the levels: what came, what is late, what is awaited, and what the
// next one above would say.
import { codeOf } from '@/api/coded'
import { mayGive, mayRead } from '@/api/me'
import { covers, levelOf } from '@/api/places'
import { rows, type Filter, type Row } from '@/api/view'
import type { KeyedRow } from '@/parts/fieldValue'
import { STATE } from '../command/alarm'
import { readHeads, type SiteHeads } from './attendance'

export const NUMBERS = [
  'expected',
  'present',
  'absent',
  'violations',
  'incidents',
  'spares',
  'listening_faults',
  'store_findings',
  'exceptions',
] as const
export interface Awaited {
  place: string
  due: number
  rule: string
  isLate: boolean
}
export interface Zeros {
  reports: Row[] // the newest version of each place; higher levels first
  awaited: Awaited[]
  own: KeyedRow // what a site's own report would say
  counted: boolean // its attendance has been reported
  open: number // its open alarms
}

const CITY = 2
const COUNTY = 3
const SITE = 4
const LEVELS: Record<number, string> = {
  [CITY]: 'duty.zero_city',
  [COUNTY]: 'duty.zero_county',
  [SITE]: 'duty.zero_site',
}
const INCIDENTS = 10

interface Facts {
  facts: Row[]
  violations: Row[]
}

const byLevel = (a: string, b: string): number => levelOf(a) - levelOf(b) || (a < b ? -1 : 1)

function newest(list: Row[]): Row[] {
  const by = new Map<string, Row>()
  for (const r of list) {
    const known = by.get(String(r.place))
    if (!known || Number(known.version) < Number(r.version)) by.set(String(r.place), r)
  }
  return [...by.values()].sort((a, b) => byLevel(String(a.place), String(b.place)))
}

// Which of the three a person gives at this place.
export function commandAt(place: string): string {
  const name = LEVELS[levelOf(place)]
  return name && mayGive(name) ? name : ''
}

function siteSays(attendance: Row | undefined, heads: SiteHeads | undefined, of: Facts): KeyedRow {
  const incidents = of.facts.filter((r) => Number(r.kind) <= INCIDENTS && !Number(r.same_as)).length
  if (attendance)
    return {
      expected: String(attendance.expected),
      present: String(attendance.present),
      absent: String(attendance.absent),
      violations: String(attendance.violations),
      spares: String(attendance.spare),
      incidents: String(incidents),
    }
  // Until then what is planned and what the rooms have told; who is absent is not known yet.
  return {
    ...(heads ? { expected: String(heads.seats), present: String(heads.came) } : {}),
    violations: String(of.violations.length),
    incidents: String(incidents),
  }
}

// What a level's report says is the sum of those below it.
export function sumBelow(reports: Row[], place: string): KeyedRow {
  const below = reports.filter(
    (r) => levelOf(String(r.place)) === levelOf(place) + 1 && covers(place, String(r.place)),
  )
  const said: KeyedRow = {}
  for (const n of NUMBERS) {
    said[n] = below.length ? String(below.reduce((sum, r) => sum + Number(r[n]), 0)) : ''
  }
  return said
}

export async function readZeros(place: string, session: string, nowMs: number): Promise<Zeros> {
  const filter = { place, columns: { session } }
  const ask = (view: string, f: Filter = filter): Promise<Row[]> =>
    mayRead(view) ? rows(view, f, 20_000) : Promise.resolve([])
  const isSite = levelOf(place) === SITE
  const unclosed = { place, columns: { state: [String(STATE.open), String(STATE.signed)] } }
  const [reports, expected, attendance, facts, violations, heads, open] = await Promise.all([
    ask('duty/zeros'),
    ask('expect/expectations'),
    isSite ? ask('sitting/attendance') : [],
    isSite ? ask('sitting/room_facts') : [],
    isSite ? ask('sitting/violations') : [],
    isSite ? readHeads(place, session) : [],
    isSite ? ask('alarm/alarms', unclosed) : [],
  ])
  const mine = (r: Row): boolean => r.session === session
  const awaited = expected
    .filter((r) => mine(r) && Object.values(LEVELS).includes(String(r.rule)))
    .filter((r) => ['open', 'lapsed'].includes(codeOf('expect/expectations', 'state', r.state)))
    .map((r) => ({
      place: String(r.place),
      due: Number(r.due_ms),
      rule: String(r.rule),
      isLate: Number(r.due_ms) < nowMs,
    }))
  const list = newest(reports.filter(mine))
  return {
    reports: list,
    awaited: awaited
      .filter((a) => !list.some((r) => r.place === a.place))
      .sort((a, b) => Number(b.isLate) - Number(a.isLate) || byLevel(a.place, b.place)),
    own: siteSays(
      attendance.find(mine),
      heads.find((h) => h.site === place),
      { facts: facts.filter(mine), violations: violations.filter(mine) },
    ),
    counted: attendance.some(mine),
    open: open.length,
  }
}
