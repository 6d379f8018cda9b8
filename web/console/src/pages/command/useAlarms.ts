// SPDX-License-Identifier: Apache-2.0
// The open alarms of the scope, and the two acts on one; shared by the desk and the list.
import { computed, ref, type ComputedRef, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { alarmOf, inOrder, STATE, type Alarm } from './alarm'
import { asProblem, Problem } from '@/api/client'
import { give, type Sent } from '@/api/command'
import { mayRead } from '@/api/me'
import { covers } from '@/api/places'
import { rows } from '@/api/view'
import { secondText } from '@/live/clock'
import { reuse } from '@/live/reuse'
import { keep, type Kept } from '@/live/watch'
import { personLabel } from '@/parts/cell'
import { useScope } from '@/scope'

export interface Alarms {
  kept: Kept<Alarm[]>
  open: ComputedRef<Alarm[]> // in the order in which they are dealt with
  opened: Ref<Alarm | null> // in the drawer
  shutting: Ref<Alarm | null> // being closed
  last: Ref<Sent | null>
  problem: ComputedRef<Problem | null>
  sign: (a: Alarm) => Promise<void>
}

export function useAlarms(): Alarms {
  const scope = useScope()
  const { t } = useI18n()
  const kept: Kept<Alarm[]> = keep<Alarm[]>(
    [],
    async (min) => {
      if (!mayRead('alarm/alarms')) return []
      const told = await rows('alarm/alarms', { place: scope.place.value, min_index: min })
      return reuse(kept.value.value, told.map(alarmOf), (a) => a.id)
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
  const failed = ref<Problem | null>(null)
  const taken = ref(0) // by somebody else, while this page still showed it unsigned
  const problem = computed<Problem | null>(() => {
    const a = taken.value ? kept.value.value.find((x) => x.id === taken.value) : undefined
    if (!a || !a.ackBy) return failed.value
    const who = personLabel(a.ackBy)
    const text = t('command.taken', { n: a.id, who, time: secondText(a.ackAt) })
    return new Problem(409, text, text)
  })

  // Unsigned, it is signed for only if nobody has done so meanwhile; to sign over a signature that
  // one sees is to take it over.
  async function sign(a: Alarm): Promise<void> {
    failed.value = last.value = null
    taken.value = 0
    const first = a.state !== STATE.signed
    try {
      last.value = await give('alarm.acknowledge', {
        data: first ? { alarm: a.id, first } : { alarm: a.id },
      })
      await kept.after(last.value.receipt?.index ?? 0)
    } catch (e) {
      failed.value = asProblem(e)
      if (failed.value.status !== 409) return
      await kept.again()
      taken.value = a.id
    }
  }
  return { kept, open, opened, shutting, last, problem, sign }
}
