// SPDX-License-Identifier: Apache-2.0
// A stop, and who has answered it: each site that must sign for it, each room whose bags must be
// sealed and counted, with the time that is left.
import { codeOf } from '@/api/coded'
import { mayRead } from '@/api/me'
import { covers } from '@/api/places'
import { rows, type Row } from '@/api/view'

export interface Answer {
  place: string
  due: number
  state: string // open, met, early, late, lapsed, ...
  met: number // the entry
}
export interface Stop {
  place: string
  session: string
  entry: number
  lifted: number
  sites: Answer[]
  rooms: Answer[]
}

export const isAnswered = (a: Answer): boolean => a.met > 0
const answerOf = (r: Row): Answer => ({
  place: String(r.place),
  due: Number(r.due_ms),
  state: codeOf('expect/expectations', 'state', r.state),
  met: Number(r.met),
})

export async function readStops(scope: string): Promise<Stop[]> {
  const may = mayRead('expect/expectations')
  const ask = (rule: string): Promise<Row[]> =>
    may ? rows('expect/expectations', { place: scope, columns: { rule } }) : Promise.resolve([])
  const [stops, sites, rooms] = await Promise.all([
    rows('custody/stops'),
    ask('custody.stop_site'),
    ask('custody.stop_room'),
  ])
  const of = (list: Row[], rule: string, s: Row): Answer[] =>
    list
      .filter(
        (r) =>
          r.rule === rule && r.session === s.session && covers(String(s.place), String(r.place)),
      )
      .map(answerOf)
      .sort((a, b) => Number(isAnswered(a)) - Number(isAnswered(b)) || (a.place < b.place ? -1 : 1))
  return stops
    .filter((s) => covers(scope, String(s.place)) || covers(String(s.place), scope))
    .map((s) => ({
      place: String(s.place),
      session: String(s.session),
      entry: Number(s.stopped),
      lifted: Number(s.lifted),
      sites: of(sites, 'custody.stop_site', s),
      rooms: of(rooms, 'custody.stop_room', s),
    }))
    .sort((a, b) => Number(a.lifted > 0) - Number(b.lifted > 0) || b.entry - a.entry)
}
