// SPDX-License-Identifier: Apache-2.0
// What an id was through: steps of its life, wherever they are told. KIND:ID, as links write it.
import { command, eventWords, roleWords } from '@/api/catalogue'
import { get } from '@/api/client'
import { rows } from '@/api/view'
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

export async function lifeOfCode(code: string): Promise<Life> {
  const told = await get<Told>(`custody/trace/${encodeURIComponent(code)}`)
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
