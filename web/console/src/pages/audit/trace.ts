// SPDX-License-Identifier: Apache-2.0
// What an id was through: steps of its life, wherever they are told. KIND:ID, as links write it.
import { allViews, command, eventWords, roleWords } from '@/api/catalogue'
import { get, Problem } from '@/api/client'
import { mayRead } from '@/api/me'
import { rows, type Row } from '@/api/view'
import type { Words } from '@/api/catalogue'

export interface Step {
  index: number
  time: number // 0: not told
  what: Words | string
  place: string
  more: string
}
export interface Life {
  steps: Step[]
  withheld: number // steps at places beyond the grants
}
export interface EntryField extends Words {
  name: string
  type: string
  value: unknown
  words?: Words
}
export interface Entry extends Words {
  index: number
  leaf: string
  type: string
  recorded: string
  happened?: string
  noted?: string
  source?: string
  place: string
  place_name?: string
  actor?: string
  cause?: number | null
  command?: string
  slots?: (Words & { name: string; how: string; person: string })[]
  fields: EntryField[]
  covered: boolean
}

export type Kind = 'code' | 'entry' | 'alarm' | 'person'

export function readId(id: string): { kind: Kind; id: string } {
  const at = id.indexOf(':')
  const kind = at > 0 ? id.slice(0, at) : ''
  if (kind === 'entry' || kind === 'alarm' || kind === 'person' || kind === 'code') {
    return { kind, id: id.slice(at + 1) }
  }
  return /^#?\d+$/.test(id) ? { kind: 'entry', id: id.replace('#', '') } : { kind: 'code', id }
}

interface Told {
  steps: { event: string; holder: string; index: number; place: string; time: string }[]
  withheld: number
}

async function lifeOfPaper(code: string): Promise<Life> {
  const path = code.split('/').map(encodeURIComponent).join('/')
  const told = await get<Told>(`custody/trace/${path}`)
  return {
    withheld: told.withheld,
    steps: told.steps.map((s) => ({
      index: s.index,
      time: Date.parse(s.time),
      what: eventWords(s.event) ?? s.event,
      place: s.place,
      more: s.holder,
    })),
  }
}

// Entries that rows with this number name: of an order, a shift, a trip, a candidate, a receipt.
const MOST = 60
async function entriesWith(code: string): Promise<number[]> {
  const views = allViews().filter((v) => mayRead(v.path) && v.columns.some((c) => c.type === 'id'))
  const asked = views.flatMap((v) =>
    v.columns
      .filter((c) => c.type === 'code' || (c.type === 'subject' && c.name === 'subject'))
      .map((c) =>
        rows(v.path, { columns: { [c.name]: code } }, MOST)
          .catch((): Row[] => []) // a column that is not asked for
          .then((list) =>
            list.flatMap((r) => v.columns.filter((x) => x.type === 'id').map((x) => r[x.name])),
          ),
      ),
  )
  const found = new Set((await Promise.all(asked)).flat().map(Number))
  return [...found].filter((n) => n > 0).sort((a, b) => a - b)
}
async function lifeOfRows(code: string): Promise<Life> {
  const list = await entriesWith(code)
  const told = await Promise.all(
    list.slice(0, MOST).map((n) => entryOf(String(n)).catch((): null => null)),
  )
  const seen = told.filter((e): e is Entry => e !== null)
  return {
    withheld: list.length - seen.length,
    steps: seen.map((e) => ({
      index: e.index,
      time: Date.parse(e.happened ?? e.recorded),
      what: e,
      place: e.place,
      more: e.actor ?? '',
    })),
  }
}

// Papers tell their own way; other numbers are found where they stand, a badge as its person too.
export async function lifeOfCode(code: string): Promise<Life> {
  try {
    return await lifeOfPaper(code)
  } catch (e) {
    if (!(e instanceof Problem) || ![403, 404].includes(e.status)) throw e
    const nobody: Life = { steps: [], withheld: 0 }
    const held = mayRead('authority/grants') ? lifeOfPerson(code).catch(() => nobody) : nobody
    const lives = await Promise.all([lifeOfRows(code), held])
    const steps = new Map(lives.flatMap((l) => l.steps).map((s) => [s.index, s]))
    const withheld = lives.reduce((n, l) => n + l.withheld, 0)
    if (!steps.size && !withheld) throw e
    return { withheld, steps: [...steps.values()].sort((a, b) => a.index - b.index) }
  }
}

// What a person holds and held.
export async function lifeOfPerson(person: string): Promise<Life> {
  const grants = await rows('authority/grants', { columns: { person } })
  return {
    withheld: 0,
    steps: grants.map((g) => ({
      index: Number(g.id),
      time: Number(g.granted_ms),
      what: roleWords(String(g.role)) ?? String(g.role),
      place: String(g.place),
      more: '',
    })),
  }
}

export const entryOf = (index: string): Promise<Entry> => get<Entry>(`ledger/entries/${index}`)

export const commandWords = (name: string): Words | undefined => command(name)
