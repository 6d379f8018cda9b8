// SPDX-License-Identifier: Apache-2.0
// Moments on the examination's clock, whatever zone this machine is set to.
import { t } from './terminal'

function local(at: string | number): string {
  const ms = typeof at === 'number' ? at : Date.parse(at)
  return new Date(ms + (t.hello?.offset_min ?? 480) * 60000).toISOString()
}

export const clockOf = (at: string | number): string => local(at).slice(11, 19)
export const minuteOf = (at: string | number): string => local(at).slice(11, 16)
export const dayOf = (at: string | number): string => local(at).slice(0, 10)

// mm:ss to a moment; "-" before what is over.
export function until(ms: number): string {
  const s = Math.abs(Math.round(ms / 1000)),
    m = Math.floor(s / 60)
  return `${ms < 0 ? '-' : ''}${String(m).padStart(2, '0')}:${String(s % 60).padStart(2, '0')}`
}
