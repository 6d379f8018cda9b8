// SPDX-License-Identifier: Apache-2.0
// The place that everything on the screen is about: ?at=PLACE of the address. Without one it is the
// place of the person's first grant.
import { computed, type ComputedRef } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { me } from '@/api/me'
import { placeName } from '@/api/places'

export interface Scope {
  place: ComputedRef<string> // "" is everything
  name: ComputedRef<string>
  go: (place: string) => void
}

export function useScope(): Scope {
  const route = useRoute()
  const router = useRouter()
  const place = computed(() => {
    const at = route.query.at
    return typeof at === 'string' ? at : (me.value?.grants[0]?.place ?? '')
  })
  return {
    place,
    name: computed(() => placeName(place.value)),
    go: (to) => void router.push({ path: route.path, query: { ...route.query, at: to } }),
  }
}
