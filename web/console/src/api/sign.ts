// SPDX-License-Identifier: Apache-2.0
// Who may sign: the roles of a slot stand in the catalogue. One of them at the place, or anybody.
import type { Slot } from './catalogue'
import { me } from './me'
import { covers } from './places'

// The place that is looked at may lie above the one where it will be signed.
export const maySign = (slot: Slot, place: string): boolean =>
  !slot.roles ||
  (me.value?.grants.some(
    (g) => slot.roles?.includes(g.role) && (covers(g.place, place) || covers(place, g.place)),
  ) ??
    false)
