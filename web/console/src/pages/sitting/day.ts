// SPDX-License-Identifier: Apache-2.0
// A session's day at one site: the steps in their order, with what was planned and what was
// reported, and everything that is still open.
import { codeOf } from '@/api/coded'
import { mayRead } from '@/api/me'
import { sessions, type Session } from '@/api/programme'
import { rows, type Row } from '@/api/view'
import { alarmOf, inOrder, STATE, type Alarm } from '@/pages/command/alarm'

// The ten of the office's own list are `main`. What the site reports is `step`; 提卷 and 回送入库
// are known from the papers themselves.
interface Listed {
  id: string
  main: boolean
  plan: string // of the programme
  step: boolean
}
const reported = (id: string, main: boolean): Listed => ({
  id,
  main,
  plan: `sitting.${id}`,
  step: true,
})
const LIST: Listed[] = [
  reported('staff_in', false),
  { id: 'fetch', main: true, plan: 'custody.site_arrival', step: false },
  reported('papers_fetched', true),
  reported('to_rooms', false),
  reported('entry_open', true),
  reported('cards_out', false),
  reported('opened', true),
  reported('distributed', true),
  reported('started', true),
  reported('ended', true),
  reported('collected', true),
  reported('counted', false),
  reported('sealed', true),
  reported('cleared', false),
  { id: 'back', main: true, plan: 'custody.return', step: false },
]

export interface DayStep extends Listed {
  from: number
  to: number
  at: number // when it was reported; 0: not yet, or not by a report
  entry: number
  isDone: boolean
  done: number
  planned: number
  exceptions: number
}
export interface Day {
  steps: DayStep[]
  rooms: string[]
  seats: number
  doubts: Row[]
  incidents: Row[]
  awaited: Row[] // papers of sessions that are not at the site yet
  alarms: Alarm[]
}
export const EMPTY: Day = {
  steps: [],
  rooms: [],
  seats: 0,
  doubts: [],
  incidents: [],
  awaited: [],
  alarms: [],
}

const INCIDENTS = 10 // kinds up to this one are incidents; later ones have pages of their own
const OPEN_DOUBT = 1

const ask = (view: string, place: string, columns = {}): Promise<Row[]> =>
  mayRead(view) ? rows(view, { place, columns }) : Promise.resolve([])

function stepOf(
  x: Listed,
  s: Session,
  told: Row[],
  arrival: Row | undefined,
  back: boolean,
): DayStep {
  const plan = s.steps.find((p) => p.id === x.plan)
  const row = told.find((r) => codeOf('sitting/steps', 'step', r.step) === x.id)
  const entry = x.id === 'fetch' && arrival ? Math.max(0, Number(arrival.met)) : 0
  return {
    ...x,
    from: Date.parse(plan?.from ?? ''),
    to: Date.parse(plan?.to ?? ''),
    at: row ? Number(row.at_ms) : 0,
    entry,
    isDone: !!row || entry > 0 || (x.id === 'back' && back),
    done: Number(row?.done ?? 0),
    planned: Number(row?.planned ?? 0),
    exceptions: Number(row?.exceptions ?? 0),
  }
}

function isBack(scripts: Row[], site: string): boolean {
  return scripts.length > 0 && scripts.every((r) => !String(r.holder).startsWith(site))
}

export async function readDay(site: string, session: string): Promise<Day> {
  const s = sessions.value.find((x) => x.id === session)
  if (!s || !site) return EMPTY
  const of = { session }
  const [told, planned, seats, doubts, facts, expected, scripts, alarms] = await Promise.all([
    ask('sitting/steps', site, of),
    ask('arrange/rooms', site, of),
    ask('arrange/sites', site, of),
    ask('sitting/doubts', site, of),
    ask('sitting/room_facts', site, of),
    ask('expect/expectations', site, { rule: 'custody.site_arrival' }),
    ask('custody/scripts', site, of),
    ask('alarm/alarms', site),
  ])
  const mine = (r: Row): boolean => r.session === session
  const arrivals = expected.filter((r) => r.rule === 'custody.site_arrival' && r.place === site)
  const open = alarms.map(alarmOf).filter((a) => a.state === STATE.open || a.state === STATE.signed)
  const back = isBack(scripts.filter(mine), site)
  return {
    steps: LIST.map((x) => stepOf(x, s, told.filter(mine), arrivals.find(mine), back)),
    rooms: planned.filter(mine).map((r) => String(r.room)),
    seats: Number(seats.find(mine)?.seats ?? 0),
    doubts: doubts.filter((r) => mine(r) && Number(r.state) === OPEN_DOUBT),
    incidents: facts.filter(
      (r) => mine(r) && Number(r.kind) <= INCIDENTS && Number(r.settled) < 0 && !Number(r.same_as),
    ),
    awaited: arrivals.filter(
      (r) => !(Number(r.met) > 0) && codeOf('expect/expectations', 'state', r.state) !== 'voided',
    ),
    alarms: inOrder(open),
  }
}

// The first that is to be reported and is not.
export const nextOf = (day: Day): DayStep | undefined => day.steps.find((s) => s.step && !s.isDone)
