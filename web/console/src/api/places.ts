// SPDX-License-Identifier: Apache-2.0
// Places and their names: 市—县—考点—考场, as far as the caller's grants reach (GET /places).
// A place is its path; a room mostly has its number alone.
import { shallowRef } from 'vue'
import { asProblem, get } from './client'
import { me, type Me } from './me'
import { i18n } from '@/words'

export interface Place {
  path: string
  name: string
  children: Place[]
}
interface Told {
  path: string
  name?: string
}

export const places = shallowRef<Place[]>([])
const byPath = shallowRef<Map<string, Place>>(new Map())

const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')))
const tailOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

function build(list: Told[]): void {
  const map = new Map<string, Place>()
  const roots: Place[] = []
  for (const p of [...list].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))) {
    const place: Place = { path: p.path, name: p.name || tailOf(p.path), children: [] }
    const parent = map.get(parentOf(p.path))
    map.set(p.path, place)
    if (parent) parent.children.push(place)
    else roots.push(place)
  }
  byPath.value = map
  places.value = roots
}

export async function loadPlaces(
  who: Promise<Me | null> = Promise.resolve(me.value),
): Promise<void> {
  try {
    const told = await get<{ items: Told[] }>('places')
    build(told.items)
  } catch (e) {
    if (asProblem(e).status !== 404) throw e
    build(((await who)?.grants ?? []).map((g) => ({ path: g.place })).filter((p) => p.path))
  }
}

// province 1, city 2, county 3, site 4, room 5; 0: everywhere
export const levelOf = (path: string): number => (path ? path.split('/').length : 0)
export const covers = (above: string, path: string): boolean =>
  above === '' || path === above || path.startsWith(`${above}/`)

// A room that nobody named is called by its number: "r02" is 第02考场.
export function placeOwnName(path: string): string {
  const name = byPath.value.get(path)?.name ?? tailOf(path)
  const room = /^r(\d+)$/.exec(name)
  return room ? i18n.global.t('app.roomNumber', { n: room[1] }) : name
}

// The names of the ways down to it that are known, from below the province: "县 考点 12".
export function placeName(path: string): string {
  const place = byPath.value.get(path)
  if (place && levelOf(path) < 5) return place.name
  const site = byPath.value.get(parentOf(path))
  if (levelOf(path) === 5 && site) return `${site.name} ${placeOwnName(path)}`
  // A county's script store, which has a place of its own where nobody gave it a name.
  if (!place && site && tailOf(path) === 'scripts')
    return i18n.global.t('app.scriptStore', { of: site.name })
  return place?.name ?? path
}

// The sites there and below.
export const sitesAt = (at: string): string[] =>
  [...byPath.value.keys()].filter((p) => levelOf(p) === 4 && covers(at, p))

export function pathTo(path: string): Place[] {
  const words = path.split('/')
  return words
    .map((_, i) => byPath.value.get(words.slice(0, i + 1).join('/')))
    .filter((p): p is Place => p !== undefined)
}
