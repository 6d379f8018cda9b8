// SPDX-License-Identifier: Apache-2.0
// The day's report as the server gathers it (GET /day): each number beside the entries it comes
// from.
import { get } from '@/api/client'
import { i18n } from '@/words'

export interface Range {
  first: number
  last: number
}
export interface Shift {
  shift: string
  place: string
  post: string
  person: string | null
  deputy: string | null
  from: string | null
  until: string | null
  present: string | null
  signed_in: number
  handed_over: number
}
export interface SessionLine extends Range {
  session: string
  start: string
  end: string
  sites: number
  rooms: number
  candidates: number
  present: number
  absent: number
  violations: number
  incidents: number
  spares: number
  reports_due: number
  reports_made: number
  late: (Range & { place: string; state: string; due: string | null })[]
}
export interface States extends Range {
  early: number
  met: number
  late: number
  lapsed: number
  open: number
}
export interface AlarmLine extends Range {
  alarm: number
  colour: string
  rule: string
  subject: string
  place: string
  raised: string
  owner: string
  repeats: number
  under: number
  acknowledged_by: string | null
  acknowledged_s: number | null
  closed: string | null
  closed_by: string | null
  closed_second?: string
  reason?: string
}
export interface PaperLine extends Range {
  session: string
  asset: string
  bags: number
  copies: number
  used: number
  absent: number
  left_over: number
  spoiled: number
  missing: number
  rooms_unbalanced: number
  rooms_uncounted: number
}
export interface OrderLine extends Range {
  order: string
  place: string
  issued: string | null
  signed: string | null
  answered: string | null
  withdrawn: boolean
}
export interface Report {
  as_of: string
  day: string
  drill: boolean
  ledger: Range & { size: number; projected: number }
  duty: Shift[]
  sessions: SessionLine[]
  expected: States & { rules: (States & { rule: string })[] }
  alarms: Range & {
    raised: number
    red: number
    orange: number
    yellow: number
    blue: number
    open: number
    acknowledged: number
    acknowledged_mean_s: number
    acknowledged_slowest_s: number
    list: AlarmLine[]
  }
  papers: Range & {
    sessions: PaperLine[]
    unbalanced: (Range & { bag: string; room: string; short: number })[]
    holdings: { holder: string; state: string; bags: number; copies: number }[]
    secrecy: { top_secret: number; confidential: number; secret: number; none: number }
  }
  orders: OrderLine[]
  calls: (Range & {
    place: string
    decision: string
    decider: string | null
    taker: string | null
    minute: string | null
    approved: boolean
    countersigned: boolean
  })[]
  exceptions: (Range & { command: string; place: string; approver: string | null })[]
  tips: Range & { received: number; accepted: number; triaged: number; closed: number }
  closing: { place: string; store_reported: number; closed: number; closed_at: string | null }[]
  next_day: {
    sessions: { session: string; start: string; sites: number; rooms: number; candidates: number }[]
  }
}

export const ask = (place: string, day: string, session: string): Promise<Report> =>
  get<Report>('day', { query: { place, day, session } })

// "08:57" of a time that the server wrote in the examination's offset.
export const minute = (iso: string | null): string => iso?.slice(11, 16) ?? '—'
// With the date, when it is another day's.
export const moment = (iso: string | null, day: string): string =>
  iso === null ? '—' : iso.startsWith(day) ? minute(iso) : `${iso.slice(5, 10)} ${minute(iso)}`

export function span(s: number): string {
  const t = i18n.global.t
  if (s < 60) return t('report.seconds', { s })
  const m = Math.floor(s / 60)
  if (m < 60) return t('report.minutes', { m, s: String(s % 60).padStart(2, '0') })
  return t('report.hours', { h: Math.floor(m / 60), m: String(m % 60).padStart(2, '0') })
}
