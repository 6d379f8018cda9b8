// SPDX-License-Identifier: Apache-2.0
// The open alarms of the scope, and the two acts on one; shared by the desk and the list.
import { computed, ref, type ComputedRef, type Ref } from 'vue'
import { alarmOf, inOrder, STATE, type Alarm } from './alarm'
import { asProblem, type Problem } from '@/api/client'
import { give, type Sent } from '@/api/command'
import { mayRead } from '@/api/me'
import { covers } from '@/api/places'
import { rows } from '@/api/view'
import { keep, type Kept } from '@/live/watch'
import { useScope } from '@/scope'

export interface Alarms {
  kept: Kept<Alarm[]>
  open: ComputedRef<Alarm[]> // in the order in which they are dealt with
  opened: Ref<Alarm | null> // in the drawer
  shutting: Ref<Alarm | null> // being closed
  last: Ref<Sent | null>
  problem: Ref<Problem | null>
  sign: (a: Alarm) => Promise<void>
}

export function useAlarms(): Alarms {
  const scope = useScope()
  const kept = keep<Alarm[]>(
    [],
    async (min) => {
      if (!mayRead('alarm/alarms')) return []
      return (await rows('alarm/alarms', { place: scope.place.value, min_index: min })).map(alarmOf)
    },
    ['alarm.'],
    () => scope.place.value,
  )
  const open = computed(() =>
    inOrder(
      kept.value.value.filter(
        (a) =>
          (a.state === STATE.open || a.state === STATE.signed) &&
          covers(scope.place.value, a.place),
      ),
    ),
  )
  const opened = ref<Alarm | null>(null)
  const shutting = ref<Alarm | null>(null)
  const last = ref<Sent | null>(null)
  const problem = ref<Problem | null>(null)

  async function sign(a: Alarm): Promise<void> {
    problem.value = null
    try {
      last.value = await give('alarm.acknowledge', { data: { alarm: a.id } })
      await kept.after(last.value.receipt?.index ?? 0)
    } catch (e) {
      problem.value = asProblem(e)
    }
  }
  return { kept, open, opened, shutting, last, problem, sign }
}
