// SPDX-License-Identifier: Apache-2.0
// What a secrecy room's card shows, put together from the room's views.
import { codeOf } from '@/api/coded'
import { mayRead } from '@/api/me'
import { covers } from '@/api/places'
import { rows, type Row } from '@/api/view'
import { alarmOf, inOrder, STATE, type Alarm } from '@/pages/command/alarm'

export interface Due {
  due: number
  rule: string
}
export interface StoreRoom {
  row: Row
  place: string
  guards: Row[]
  inside: Row[]
  patrol: Due | null // the next one that is awaited
  check: Due | null
  replay: Due | null
  alarms: Alarm[]
}

const at = (list: Row[], place: string): Row[] => list.filter((r) => r.place === place)

function nextOf(list: Row[], place: string, rule: string): Due | null {
  const open = at(list, place).filter(
    (r) => r.rule === rule && codeOf('expect/expectations', 'state', r.state) === 'open',
  )
  const due = open.map((r) => Number(r.due_ms)).sort((a, b) => a - b)[0]
  return due ? { due, rule } : null
}

// The one in which something lacks comes first.
export async function readStoreRooms(scope: string): Promise<StoreRoom[]> {
  const ask = (view: string, columns = {}): Promise<Row[]> =>
    mayRead(view) ? rows(view, { place: scope, columns }) : Promise.resolve([])
  const [rooms, guards, inside, awaited, alarms] = await Promise.all([
    ask('custody/rooms'),
    ask('custody/guards'),
    ask('custody/inside'),
    ask('expect/expectations', { state: 'open' }),
    ask('alarm/alarms'),
  ])
  const open = alarms.map(alarmOf).filter((a) => a.state === STATE.open || a.state === STATE.signed)
  return rooms
    .filter((r) => covers(scope, String(r.place)))
    .map((row) => {
      const place = String(row.place)
      return {
        row,
        place,
        guards: at(guards, place),
        inside: at(inside, place),
        patrol: nextOf(awaited, place, 'custody.patrol'),
        check: nextOf(awaited, place, 'custody.joint_check'),
        replay: nextOf(awaited, place, 'custody.replay'),
        alarms: inOrder(open.filter((a) => a.place === place)),
      }
    })
    .sort((a, b) => b.alarms.length - a.alarms.length || (a.place < b.place ? -1 : 1))
}
