// SPDX-License-Identifier: Apache-2.0
// A trip as a line from where it leaves to where it arrives. What is known of its position are the
// points that were reported, and when: the mark stands where the last report was in the time of the
// trip. It is no map.
import type { Row } from '@/api/view'

export const TRIP = { planned: 0, way: 1, arrived: 2, cancelled: 3 }

export interface Trip {
  id: string
  vehicle: string
  from: string
  to: string
  state: number
  leavesBy: number
  arrivesBy: number
  left: number
  seen: number
  arrived: number
  silent: boolean
  late: boolean
  seal: string
  route: string
  spare: string
  crew: number
  at: number // 0 at the start, 1 there
}

function positionOf(t: Omit<Trip, 'at'>): number {
  if (t.state === TRIP.arrived) return 1
  if (t.state !== TRIP.way || !(t.left > 0)) return 0
  const seen = Math.max(t.seen, t.left)
  const whole = Math.max(1, t.arrivesBy - t.left)
  return Math.min(0.95, (seen - t.left) / whole)
}

export function tripOf(r: Row): Trip {
  const t = {
    id: String(r.trip),
    vehicle: String(r.vehicle),
    from: String(r.from),
    to: String(r.to),
    state: Number(r.state),
    leavesBy: Number(r.leaves_by),
    arrivesBy: Number(r.arrives_by),
    left: Number(r.left_ms),
    seen: Number(r.seen_ms),
    arrived: Number(r.arrived_ms),
    silent: Number(r.silent) > 0,
    late: Number(r.late) > 0,
    seal: String(r.seal ?? ''),
    route: String(r.route ?? ''),
    spare: String(r.spare ?? ''),
    crew: Number(r.crew_ms ?? -1),
  }
  return { ...t, at: positionOf(t) }
}

// What was heard of a trip, where it stood in the time of the trip, and whether that was amiss.
export const POINT = { left: 0, seen: 1, swapped: 2, arrived: 3, overdue: 4, silent: 5 }
export interface Point {
  entry: number
  at: number
  kind: number
  label: string
  off: number
  x: number // 0 at the start, 1 at the end
  late: boolean
  odd: boolean
}
// `offMost`: metres off the route from which on it is an alarm, by the profile.
export function pointsOf(t: Trip, rows: Row[], offMost: number): Point[] {
  const mine = rows.filter((r) => r.trip === t.id)
  const from = t.left || t.leavesBy
  const last = Math.max(t.arrivesBy, ...mine.map((r) => Number(r.at_ms)))
  const to = t.arrived || last
  return mine.map((r) => {
    const at = Number(r.at_ms)
    const kind = Number(r.kind)
    const late = at > t.arrivesBy
    return {
      entry: Number(r.entry),
      at,
      kind,
      label: String(r.point ?? ''),
      off: Number(r.off_route_m) > offMost ? Number(r.off_route_m) : 0,
      x: Math.min(1, Math.max(0, (at - from) / Math.max(1, to - from))),
      late,
      odd:
        late || kind >= POINT.overdue || kind === POINT.swapped || Number(r.off_route_m) > offMost,
    }
  })
}

const isOver = (t: Trip): boolean => t.state === TRIP.arrived || t.state === TRIP.cancelled
export const isOdd = (t: Trip, now: number): boolean =>
  !isOver(t) &&
  (t.late ||
    t.silent ||
    (t.state === TRIP.way && t.arrivesBy < now) ||
    (t.state === TRIP.planned && t.leavesBy < now))

// Late and silent ones first, then those on the way, those yet to leave, those that arrived last.
export function inOrder(list: Trip[], now: number): Trip[] {
  const rank = (t: Trip): number =>
    isOdd(t, now) ? 0 : t.state === TRIP.way ? 1 : t.state === TRIP.planned ? 2 : 3
  return [...list].sort(
    (a, b) =>
      rank(a) - rank(b) ||
      (rank(a) === 3 ? b.arrived - a.arrived : a.leavesBy - b.leavesBy) ||
      (a.id < b.id ? -1 : 1),
  )
}
