// SPDX-License-Identifier: Apache-2.0
// The timetable of the examination, with the planned time of each step (GET /programme).
import { shallowRef } from 'vue'
import { setKeys, type Words } from './catalogue'
import { get } from './client'
import { dayText, observe } from '@/live/clock'

export interface PlannedStep extends Words {
  id: string
  from: string
  to: string
}
export interface Session extends Words {
  id: string
  subject: string
  half_day: string
  listening: boolean
  start: string
  end: string
  steps: PlannedStep[]
}
interface Programme {
  keys: Record<string, (Words & { id: string })[]>
  now: string
  offset_min: number
  sessions: Session[]
}

export const sessions = shallowRef<Session[]>([])

export async function loadProgramme(): Promise<void> {
  const p = await get<Programme>('programme')
  setKeys(p.keys)
  sessions.value = p.sessions
  observe(Date.parse(p.now))
}

// The one that is on or comes next; none when all are over.
export function sessionAt(ms: number): Session | undefined {
  return sessions.value.find((s) => Date.parse(s.end) > ms)
}

// What the boards show: what is on; between two, the next one; in the evening still what was today.
export function sessionShown(ms: number): Session | undefined {
  const next = sessionAt(ms)
  const ended = sessions.value.filter((s) => Date.parse(s.end) <= ms).pop()
  if (!next || !ended) return next ?? ended
  const today = dayText(ms)
  const over = dayText(Date.parse(ended.end)) === today && dayText(Date.parse(next.start)) !== today
  return over || Date.parse(next.start) - ms >= 12 * 3600_000 ? ended : next
}
