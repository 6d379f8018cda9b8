// SPDX-License-Identifier: Apache-2.0
// The site of this terminal on one day: its sessions, the rooms of one, who drew which.
import { computed, reactive } from 'vue'
import { book } from './catalogue'
import { read, rows } from './reading'
import { examNow, place } from './terminal'

export interface Step {
  id: string
  zh: string
  en: string
  from: string
  to: string
}
export interface Session {
  id: string
  zh: string
  en: string
  half_day: string
  start: string
  end: string
  steps?: Step[]
}
export interface Room {
  path: string
  no: string
  seats: number
  kind: string
}

export const site = reactive({
  sessions: [] as Session[],
  chosen: '',
  rooms: [] as Room[],
  draw: {} as { [person: number]: string },
  loaded: '',
})

export const session = computed(() => site.sessions.find((s) => s.id === site.chosen))

// "r07" and "sc/cd/x01/s01/r07" are 07.
export const numberOf = (path: string): string => {
  const tail = path.split('/').pop() ?? ''
  return tail.replace(/^\D+/, '') || tail
}

export function roomOf(text: string): Room | undefined {
  const digits = text.replace(/\D/g, '')
  return site.rooms.find((r) => r.no.replace(/^0+/, '') === digits.replace(/^0+/, ''))
}

// The one that runs, else the next, else the last.
function nearest(): string {
  const now = examNow(),
    list = site.sessions
  const s = list.find((x) => Date.parse(x.end) > now) ?? list[list.length - 1]
  return s?.id ?? ''
}

export async function loadSessions(): Promise<void> {
  const r = await read<{ sessions: Session[]; keys: typeof book.keys }>('/api/v1/programme')
  if (r) {
    site.sessions = r.value.sessions
    book.keys = r.value.keys
  }
  if (!session.value) site.chosen = nearest()
}

export async function loadRooms(): Promise<void> {
  const of = site.chosen
  const [all, drawn] = await Promise.all([
    rows<{ session: string; site: string; room: string; seats: number; kind: string }>(
      'arrange/rooms',
    ),
    rows<{ session: string; site: string; room: string; person: number }>('sitting/draw'),
  ])
  const here = (x: { session: string; site: string }): boolean =>
    x.session === of && x.site === place.value
  site.rooms = all
    .filter(here)
    .map((r) => ({ path: r.room, no: numberOf(r.room), seats: r.seats, kind: r.kind }))
    .sort((a, b) => a.no.localeCompare(b.no))
  site.draw = Object.fromEntries(drawn.filter(here).map((d) => [d.person, d.room]))
  site.loaded = of
}

export async function loadSite(): Promise<void> {
  await loadSessions()
  await loadRooms()
}
