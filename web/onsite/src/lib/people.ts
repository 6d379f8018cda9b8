// SPDX-License-Identifier: Apache-2.0
// Who stands at this terminal, by badge and PIN of the day, and whose badges it knows.
import { toHalf } from './bytes'
import { keepPlain, type Slot } from './store'
import { line, staff, t, type Here, type Staff } from './terminal'

// Between choosing how somebody signs and writing the act.
const WRITING_MS = 60000

export const personOf = (code: string): Staff | undefined => {
  const want = toHalf(code).toUpperCase()
  return staff.value.find((s) => s.code.toUpperCase() === want)
}
export const codeOf = (person: number): string =>
  staff.value.find((s) => s.person === person)?.code ??
  t.here.find((h) => h.person === person)?.code ??
  String(person)

// As the server counts; nothing heard from it yet: nobody signs by badge.
const pinCountsMs = () => (t.hello?.badge_s ?? 0) * 1000 - WRITING_MS

// A PIN given here a short while ago signs by badge; otherwise the ink on the sheet does.
export function slotOf(slot: string, person: number): Slot {
  const h = t.here.find((x) => x.person === person)
  const fresh = h && Date.now() - Date.parse(h.at) < pinCountsMs()
  return { slot, how: fresh ? 'badge' : 'paper', person }
}

export async function come(badge: string, pin: string): Promise<Here> {
  if (!line.value) throw new Error('no line')
  const code = toHalf(badge).toUpperCase(),
    at = new Date().toISOString()
  const got = await line.value.badge(code, toHalf(pin))
  const h = { person: got.person, code, until: got.until, at }
  t.here = [...t.here.filter((x) => x.person !== h.person), h]
  if (!t.who) t.who = h.person
  await keepPlain('here', t.here)
  await keepPlain('who', t.who)
  return h
}

export async function leave(person: number): Promise<void> {
  const h = t.here.find((x) => x.person === person)
  if (h && line.value) await line.value.badge(h.code)
  t.here = t.here.filter((x) => x.person !== person)
  if (t.who === person) t.who = t.here[0]?.person ?? 0
  await keepPlain('here', t.here)
  await keepPlain('who', t.who)
}

export function act(as: number): void {
  t.who = as
  void keepPlain('who', as)
}
