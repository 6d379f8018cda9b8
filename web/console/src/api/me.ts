// SPDX-License-Identifier: Apache-2.0
// Who is logged in and what he may give and read (GET /me).
import { shallowRef } from 'vue'
import { get, post, remove } from './client'

export interface Grant {
  role: string
  zh: string
  en: string
  place: string
}
export interface Me {
  person: number
  code: string
  name?: string
  grants: Grant[]
  drill: boolean
  origin: string
  name_zh: string
  name_en: string
  now: string
  offset_min: number
  commands: string[]
  views: string[]
  rights: string[]
}

export const me = shallowRef<Me | null>(null)

export const askMe = (): Promise<Me> => get<Me>('me')

export async function loadMe(): Promise<Me> {
  me.value = await askMe()
  return me.value
}

export async function login(person: string, password: string, code: string): Promise<void> {
  await post('login', { person, password, code })
}

export async function logout(): Promise<void> {
  await remove('login')
  me.value = null
}

export const mayGive = (name: string): boolean => me.value?.commands.includes(name) ?? false
export const mayRead = (path: string): boolean => me.value?.views.includes(path) ?? false
export const holdsRight = (id: string): boolean => me.value?.rights.includes(id) ?? false
