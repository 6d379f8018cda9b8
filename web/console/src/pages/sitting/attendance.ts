// SPDX-License-Identifier: Apache-2.0
// Who has come, by site and room: seats as planned, heads as told by the rooms, and what the site
// itself has reported.
import { codeOf } from '@/api/coded'
import { mayRead } from '@/api/me'
import { rows, type Row } from '@/api/view'

export interface RoomHeads {
  room: string
  seats: number
  present: number // who came late are among them
  late: number
  doubtful: number
  failed: number
}
export interface SiteHeads {
  site: string
  seats: number
  came: number
  doubtful: number
  rooms: RoomHeads[]
  reported: Row | null
}

const KINDS = ['present', 'late', 'doubtful', 'failed'] as const
const ask = (view: string, place: string, session: string): Promise<Row[]> =>
  mayRead(view) ? rows(view, { place, columns: { session } }, 20_000) : Promise.resolve([])

export async function readHeads(place: string, session: string): Promise<SiteHeads[]> {
  const [planned, heads, reported] = await Promise.all([
    ask('arrange/rooms', place, session),
    ask('sitting/rooms', place, session),
    ask('sitting/attendance', place, session),
  ])
  const rooms = new Map<string, RoomHeads>()
  const sites = new Map<string, SiteHeads>()
  for (const r of planned.filter((x) => x.session === session)) {
    const room: RoomHeads = {
      room: String(r.room),
      seats: Number(r.seats),
      present: 0,
      late: 0,
      doubtful: 0,
      failed: 0,
    }
    rooms.set(room.room, room)
    const site = String(r.site)
    const of = sites.get(site) ?? {
      site,
      seats: 0,
      came: 0,
      doubtful: 0,
      rooms: [],
      reported: reported.find((x) => x.site === site && x.session === session) ?? null,
    }
    of.seats += room.seats
    of.rooms.push(room)
    sites.set(site, of)
  }
  for (const h of heads.filter((x) => x.session === session)) {
    const room = rooms.get(String(h.room))
    const kind = KINDS.find((k) => k === codeOf('sitting/rooms', 'kind', h.kind))
    if (room && kind) room[kind] += Number(h.n)
  }
  for (const s of sites.values()) {
    s.came = s.rooms.reduce((n, r) => n + r.present, 0)
    s.doubtful = s.rooms.reduce((n, r) => n + r.doubtful, 0)
  }
  return [...sites.values()].sort((a, b) => (a.site < b.site ? -1 : 1))
}
