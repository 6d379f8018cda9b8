// SPDX-License-Identifier: Apache-2.0
// Places by what people call them: 市—县—考点—考场.  A path is shown in a tooltip only.
import { computed } from 'vue'
import { numberOf, site } from './sitting'
import { place, t } from './terminal'
import { tr } from './words'

// From the city down; before the server has told, the last part of the path.
export const names = computed(() => {
  const told = t.hello?.place_names
  return told?.length ? told : place.value ? [place.value.split('/').pop()!] : []
})

// A room of this site is its number; this place and those above it have names.
export function nameOf(path: string): string {
  const here = place.value
  if (site.rooms.some((r) => r.path === path) || (here && path.startsWith(`${here}/`)))
    return tr(`${numberOf(path)} 考场`, `room ${numberOf(path)}`)
  const up = here.split('/').length - path.split('/').length
  const known = here === path || here.startsWith(`${path}/`)
  return (known && names.value[names.value.length - 1 - up]) || path
}

// What the server says names places by path.
export const named = (text: string): string =>
  text.replace(/[a-z0-9]+(?:\/[a-z0-9-]+){2,}/g, (path) => nameOf(path))
