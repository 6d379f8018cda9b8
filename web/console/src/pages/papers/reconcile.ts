// SPDX-License-Identifier: Apache-2.0
// 领卷–分发–收卷对账: a half day's bags, room by room. The law of the books: what was in a bag,
// and came with candidates who were moved in, was used, belongs to somebody absent, is left over,
// or was replaced; what is none of these is missing. Spare bags are another thing, balanced apart.
import { codeOf } from '@/api/coded'
import { covers } from '@/api/places'
import { sessions } from '@/api/programme'
import { rows, type Row } from '@/api/view'

export interface Line {
  bag: string
  session: string
  room: string // "": a spare bag, or one that was not issued
  site: string
  asset: string
  isSpare: boolean
  state: string
  copies: number
  moved: number
  used: number
  absent: number
  left: number
  replaced: number
  gap: number // what is not accounted for
  isBack: boolean
}
const BAGS_MOST = 20_000
const CLOSED = ['counted', 'returned', 'destroyed']

export interface HalfDay {
  id: string
  sessions: string[]
  from: number
}
// "2025-06-07/am" and which sessions lie in it.
export function halfDays(): HalfDay[] {
  const by = new Map<string, HalfDay>()
  for (const s of sessions.value) {
    const h = by.get(s.half_day) ?? { id: s.half_day, sessions: [], from: Date.parse(s.start) }
    h.sessions.push(s.id)
    by.set(s.half_day, h)
  }
  return [...by.values()].sort((a, b) => a.from - b.from)
}

function lineOf(r: Row): Line {
  const n = (name: string): number => Number(r[name] ?? 0)
  const state = codeOf('custody/bags', 'state', r.state)
  const isSpare = String(r.asset).endsWith('.spare')
  const sums = CLOSED.includes(state) && !isSpare
  const gap = n('copies') + n('moved') - n('used') - n('absent') - n('left_over') - n('replaced')
  return {
    bag: String(r.code),
    session: String(r.session),
    room: String(r.room ?? ''),
    site: String(r.destined),
    asset: String(r.asset),
    isSpare,
    state,
    copies: n('copies'),
    moved: n('moved'),
    used: n('used'),
    absent: n('absent'),
    left: n('left_over'),
    replaced: n('replaced'),
    gap: sums ? gap : n('missing'),
    isBack: state === 'returned' || state === 'destroyed',
  }
}

// What does not balance first, then what was not counted or is not back, then the rest by room.
export const rank = (l: Line): number =>
  l.gap !== 0 || l.state === 'lost' ? 0 : l.isSpare ? 3 : l.isBack ? 2 : 1

export async function readLines(place: string, half: HalfDay | undefined): Promise<Line[]> {
  if (!half) return []
  const all = await Promise.all(
    half.sessions.map((session) =>
      rows('custody/bags', { place, columns: { session } }, BAGS_MOST),
    ),
  )
  return all
    .flat()
    .filter((r) => half.sessions.includes(String(r.session)) && covers(place, String(r.destined)))
    .map(lineOf)
    .sort((a, b) => rank(a) - rank(b) || (a.room || a.site).localeCompare(b.room || b.site))
}
