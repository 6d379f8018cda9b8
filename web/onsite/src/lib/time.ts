// SPDX-License-Identifier: Apache-2.0
// Moments on the examination's clock, whatever zone this machine is set to.
import { examNow, t } from './terminal'

function local(at: string | number): string {
  const ms = typeof at === 'number' ? at : Date.parse(at)
  return new Date(ms + (t.hello?.offset_min ?? 480) * 60000).toISOString()
}

export const clockOf = (at: string | number): string => local(at).slice(11, 19)
export const minuteOf = (at: string | number): string => local(at).slice(11, 16)
export const dayOf = (at: string | number): string => local(at).slice(0, 10)

// A minute of this day.
export function timeOf(hours: number, minutes: number): string {
  const shift = (t.hello?.offset_min ?? 480) * 60000
  const midnight = Date.parse(`${dayOf(examNow())}T00:00:00.000Z`) - shift
  return new Date(midnight + (hours * 60 + minutes) * 60000).toISOString()
}

// mm:ss to a moment, h:mm:ss when it is far; "-" before what is over.
export function until(ms: number): string {
  const s = Math.abs(Math.round(ms / 1000))
  const two = (n: number): string => String(n).padStart(2, '0')
  const rest = `${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`
  return `${ms < 0 ? '-' : ''}${s < 3600 ? '' : `${Math.floor(s / 3600)}:`}${rest}`
}
