// SPDX-License-Identifier: Apache-2.0
// What there is to ask and to give, and the words of everything that is a code (GET /catalogue).
import { shallowRef } from 'vue'
import { get } from './client'

export interface Words {
  zh: string
  en: string
}
export interface Coded extends Words {
  code?: string
}
export type Kind =
  | 'id'
  | 'time'
  | 'int'
  | 'enum'
  | 'code'
  | 'key'
  | 'bytes'
  | 'subject'
  | 'bool'
  | 'text'
  | 'list'
  | 'person'
  | 'hash'
  | 'place'
export interface Field extends Words {
  name: string
  type: Kind
  optional?: boolean
  personal?: boolean
  min?: number
  max?: number
  ref?: string
  words?: Coded[]
  fields?: Field[]
}
export interface Slot extends Words {
  name: string
  count: number
  optional?: boolean
  disjoint?: string
  roles?: string[] // who may sign, one of them at the place; none named: anybody registered
}
export interface Command extends Words {
  name: string
  kind: 'fact' | 'order' | 'guarded'
  cites?: string
  fields: Field[]
  slots: Slot[]
}
export interface Column extends Words {
  name: string
  type: Kind
  ref?: string
  words?: Coded[]
}
export interface View extends Words {
  path: string
  one?: boolean
  columns: Column[]
}
export interface AlarmRule extends Words {
  id: string
  colour: string
  cites?: string
  next_zh?: string
  next_en?: string
  owner?: string
}
interface Named extends Words {
  id: string
}
export interface Catalogue {
  commands: Command[]
  views: View[]
  events: (Words & { type: string })[]
  alarms: AlarmRule[]
  expectations: (Named & { cites?: string })[]
  roles: Named[]
}

interface Index {
  commands: Map<string, Command>
  views: Map<string, View>
  events: Map<string, Words>
  alarms: Map<string, AlarmRule>
  keys: Map<string, Map<string, Words>> // by `ref`, then id
}

const index = shallowRef<Index | null>(null)

function byId<T extends { id: string }>(list: T[]): Map<string, T> {
  return new Map(list.map((x) => [x.id, x]))
}

export async function loadCatalogue(): Promise<void> {
  const c = await get<Catalogue>('catalogue')
  index.value = {
    commands: new Map(c.commands.map((x) => [x.name, x])),
    views: new Map(c.views.map((x) => [x.path, x])),
    events: new Map(c.events.map((x) => [x.type, x])),
    alarms: byId(c.alarms),
    keys: new Map<string, Map<string, Words>>([
      ['alarm_rule', byId(c.alarms)],
      ['expectation', byId(c.expectations)],
      ['role', byId(c.roles)],
      ['command', new Map(c.commands.map((x) => [x.name, x]))],
      ['event', new Map(c.events.map((x) => [x.type, x]))],
    ]),
  }
}

// Words of the examination's own (sessions, subjects, ...): programme.ts puts them here, before or
// after the catalogue has come.
const own = shallowRef(new Map<string, Map<string, Words>>())
export function setKeys(keys: Record<string, Named[]>): void {
  own.value = new Map(Object.entries(keys).map(([ref, list]) => [ref, byId(list)]))
}
const wordsAt = (ref: string): Map<string, Words> | undefined =>
  own.value.get(ref) ?? index.value?.keys.get(ref)

export const command = (name: string): Command | undefined => index.value?.commands.get(name)
export const view = (path: string): View | undefined => index.value?.views.get(path)
export const allViews = (): View[] => [...(index.value?.views.values() ?? [])]
export const alarmRule = (id: string): AlarmRule | undefined => index.value?.alarms.get(id)
export const eventWords = (type: string): Words | undefined => index.value?.events.get(type)
export const keyWords = (ref: string, id: string): Words | undefined => wordsAt(ref)?.get(id)
export const keysOf = (ref: string): (Words & { id: string })[] =>
  Array.from(wordsAt(ref) ?? [], ([id, w]) => ({ ...w, id }))
export const roleWords = (id: string): Words | undefined => keyWords('role', id)
