// SPDX-License-Identifier: Apache-2.0
// The session's progress, site by site and step by step, for one session.
import { view } from '@/api/catalogue'
import { covers, levelOf } from '@/api/places'
import { sessionShown } from '@/api/programme'
import { rows, type Row } from '@/api/view'
import { ledgerNow } from '@/live/clock'

export interface Step {
  at: number
  done: number
  planned: number
  exceptions: number
}
export interface Site {
  place: string
  county: string
  rooms: number
  steps: Map<string, Step>
  last: string // the step reported last
}

// How far a step is, as a sign beside its colour.
export const MARKS: Record<string, string> = { none: '', odd: '!', part: '…', done: '✓' }

const countyOf = (site: string): string => site.split('/').slice(0, 3).join('/')

// Codes of the steps in their order.
export function stepCodes(): string[] {
  const words = view('sitting/steps')?.columns.find((c) => c.name === 'step')?.words ?? []
  return words.map((w) => w.code ?? '')
}

function stepOf(r: Row): [string, Step] {
  const code = typeof r.step === 'number' ? stepCodes()[r.step] : String(r.step)
  return [
    code,
    {
      at: Number(r.at_ms),
      done: Number(r.done),
      planned: Number(r.planned),
      exceptions: Number(r.exceptions),
    },
  ]
}

export async function readSites(place: string): Promise<Site[]> {
  const session = sessionShown(ledgerNow())?.id
  const filter = { place, columns: { session: session ?? '' } }
  const [plans, steps] = await Promise.all([
    rows('arrange/sites', filter),
    rows('sitting/steps', filter),
  ])
  const sites = new Map<string, Site>()
  for (const p of plans) {
    const at = String(p.site)
    if (p.session !== session || !covers(place, at) || levelOf(at) < 4) continue
    sites.set(at, {
      place: at,
      county: countyOf(at),
      rooms: Number(p.rooms),
      steps: new Map(),
      last: '',
    })
  }
  const order = stepCodes()
  for (const r of steps) {
    const site = sites.get(String(r.site))
    if (!site || r.session !== session) continue
    const [code, step] = stepOf(r)
    site.steps.set(code, step)
    if (order.indexOf(code) > order.indexOf(site.last)) site.last = code
  }
  return [...sites.values()].sort((a, b) => (a.place < b.place ? -1 : 1))
}
