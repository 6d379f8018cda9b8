// SPDX-License-Identifier: Apache-2.0
// The site a page is about: that of the scope, or one chosen of those that lie in it.
import { computed, ref, watch, type ComputedRef, type Ref } from 'vue'
import { levelOf } from '@/api/places'
import { mayRead } from '@/api/me'
import { sessionShown, sessions } from '@/api/programme'
import { rows } from '@/api/view'
import { now } from '@/live/clock'
import { keep, type Kept } from '@/live/watch'
import { useScope } from '@/scope'

const SITE = 4
export interface UseSite {
  site: ComputedRef<string>
  sites: ComputedRef<string[]>
  known: Kept<string[]> // how the reading of `sites` went
  chosen: Ref<string>
  session: ComputedRef<string>
  chosenSession: Ref<string>
}

export function useSite(): UseSite {
  const scope = useScope()
  const chosen = ref('')
  const chosenSession = ref('')
  const known = keep<string[]>(
    [],
    async () => {
      if (levelOf(scope.place.value) >= SITE || !mayRead('arrange/sites')) return []
      const list = await rows('arrange/sites', { place: scope.place.value })
      return [...new Set(list.map((r) => String(r.site)))].sort()
    },
    ['arrange.'],
    () => scope.place.value,
  )
  watch(scope.place, () => (chosen.value = ''))
  const own = computed(() =>
    levelOf(scope.place.value) >= SITE ? scope.place.value.split('/').slice(0, SITE).join('/') : '',
  )
  const session = computed(
    () => chosenSession.value || (sessionShown(now.value)?.id ?? sessions.value[0]?.id ?? ''),
  )
  return {
    site: computed(() => own.value || chosen.value || (known.value.value[0] ?? '')),
    sites: computed(() => known.value.value),
    known,
    chosen,
    session,
    chosenSession,
  }
}
