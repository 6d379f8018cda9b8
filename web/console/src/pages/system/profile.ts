// SPDX-License-Identifier: Apache-2.0
// A profile that is being changed: rows of the one in force, and what was keyed over them. The
// server checks the whole; nothing is decided here.
import { get, post } from '@/api/client'
import type { Words } from '@/api/catalogue'
import { sessionName } from '@/pages/papers/names'
import { said } from '@/words'

export type Value = string | number | boolean | undefined
export interface ProfileRow extends Record<string, unknown> {
  id: string
  zh?: string
  en?: string
  source?: string
  article?: string
  sure?: string
  approver?: string
}
export type List = 'settings' | 'steps' | 'sessions'
export const LISTS: List[] = ['settings', 'steps', 'sessions']
// What can be keyed of a row, besides where it comes from.
export const MEMBERS: Record<List, string[]> = {
  settings: ['value'],
  steps: ['from', 'to', 'every'],
  sessions: ['start', 'end'],
}
export const WHY = ['source', 'article', 'approver'] as const
export const SURE = ['confirmed', 'probable', 'unconfirmed'] as const

export interface ProfileDocument extends Record<string, unknown> {
  id: string
  settings: ProfileRow[]
  steps: ProfileRow[]
  sessions: ProfileRow[]
}
export interface InForce {
  digest: string
  profile: ProfileDocument
  asked_by: (Words & { id: string })[]
}
export interface Change {
  path: string
  was: string
  now: string
}
export interface Offer {
  digest: string
  id: string
  kept: boolean
  changes: Change[]
  errors: (Words & { path: string })[]
}

export const inForce = (): Promise<InForce> => get<InForce>('profile/document')
export const kept = (digest: string): Promise<Offer> => get<Offer>(`profile/offers/${digest}`)
export const offer = (document: unknown, keep: boolean): Promise<Offer> =>
  post<Offer>('profile/offers', document, { query: { keep: keep ? '1' : undefined } })

// Keyed over a row: "settings/login.idle_s" -> its members.
export type Edits = Record<string, Record<string, Value>>

// The profile with what was keyed in place. A member that was emptied is left out.
export function changed(from: ProfileDocument, edits: Edits): ProfileDocument {
  const next = JSON.parse(JSON.stringify(from)) as ProfileDocument
  for (const list of LISTS)
    for (const row of next[list]) {
      for (const [name, v] of Object.entries(edits[`${list}/${row.id}`] ?? {})) {
        if (v === '' || v === undefined) delete row[name]
        else row[name] = v
      }
    }
  return next
}

// A session is known by the timetable's words, the others by their own.
export const rowName = (list: string, row: ProfileRow): string =>
  list === 'sessions' ? sessionName(row.id) : said({ zh: row.zh ?? '', en: row.en ?? '' }, row.id)

// "settings/3/value" of a fault is a row's number; its name is what a person knows.
export function rowOf(path: string, of: ProfileDocument): ProfileRow | undefined {
  const [list, at] = path.replace(/^\//, '').split('/')
  const rows = of[list]
  if (!Array.isArray(rows)) return undefined
  return /^\d+$/.test(at)
    ? (rows[Number(at)] as ProfileRow)
    : (rows as ProfileRow[]).find((r) => r.id === at)
}
