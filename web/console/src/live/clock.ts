// SPDX-License-Identifier: Apache-2.0
// The ledger's time. In a drill it is the drill's own and may run many times faster: between two
// answers of the server it is carried on at the pace that was seen, and never beyond what the next
// answer is due to tell.
import { computed, ref } from 'vue'
import { me } from '@/api/me'

const FASTEST = 3600
const CARRY_MS = 15_000 // how long a pace is believed
const PACE_AFTER_MS = 3_000

let at = 0 // the ledger's time that was told last
let heard = 0 // when, by this machine
let paceFrom = { at: 0, heard: 0 }
let pace = 1
const tick = ref(0)

setInterval(() => tick.value++, 500)

// An answer or an event said what time it is.
export function observe(ms: number): void {
  const now = Date.now()
  if (ms <= at) return
  if (now - paceFrom.heard >= PACE_AFTER_MS) {
    if (paceFrom.heard > 0) {
      const seen = (ms - paceFrom.at) / (now - paceFrom.heard)
      pace = me.value?.drill ? Math.min(FASTEST, Math.max(0, seen)) : 1
    }
    paceFrom = { at: ms, heard: now }
  }
  at = ms
  heard = now
}

export function ledgerNow(): number {
  if (!at) return Date.now()
  return at + Math.min(Date.now() - heard, CARRY_MS) * (me.value?.drill ? pace : 1)
}

export const now = computed(() => {
  void tick.value
  return ledgerNow()
})

// The minute that it is in: what depends on this alone is drawn anew once a minute.
export const minuteNow = computed(() => Math.floor(now.value / 60_000) * 60_000)

const two = (n: number): string => String(n).padStart(2, '0')

function local(ms: number): Date {
  return new Date(ms + (me.value?.offset_min ?? 480) * 60_000)
}

// In the examination's offset, whatever this machine's is.
export function dayText(ms: number): string {
  const d = local(ms)
  return `${d.getUTCFullYear()}-${two(d.getUTCMonth() + 1)}-${two(d.getUTCDate())}`
}
export function minuteText(ms: number): string {
  const d = local(ms)
  return `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}`
}
export function secondText(ms: number): string {
  return `${minuteText(ms)}:${two(local(ms).getUTCSeconds())}`
}
export function offsetText(): string {
  const m = me.value?.offset_min ?? 480
  return `${m < 0 ? '-' : '+'}${two(Math.floor(Math.abs(m) / 60))}:${two(Math.abs(m) % 60)}`
}
// 2025-06-07T08:58:00+08:00, as the API takes it.
export function timeText(ms: number): string {
  return `${dayText(ms)}T${secondText(ms)}${offsetText()}`
}
// mm:ss, or h:mm:ss; "-" before what is overdue.
export function leftText(ms: number): string {
  const s = Math.floor(Math.abs(ms) / 1000)
  const h = Math.floor(s / 3600)
  const rest = `${two(Math.floor((s % 3600) / 60))}:${two(s % 60)}`
  return (ms < 0 ? '-' : '') + (h ? `${h}:${rest}` : rest)
}
