// SPDX-License-Identifier: Apache-2.0
// Every page, in the order of the menu. A group's rows stand in pages/GROUP/pages.ts.
import type { Component } from 'vue'
import { mayGive, mayRead, holdsRight } from '@/api/me'
import audit from '@/pages/audit/pages'
import command from '@/pages/command/pages'
import desk from '@/pages/desk/pages'
import exam from '@/pages/exam/pages'
import papers from '@/pages/papers/pages'
import sitting from '@/pages/sitting/pages'
import system from '@/pages/system/pages'

export interface Page {
  path: string // "/command/orders", "/audit/trace/:id?"
  name: string // its title is `menu.NAME`
  component: () => Promise<Component>
  // Shown to whoever has one of each kind that is named; nothing named: to everybody.
  views?: string[] // may read one of them
  commands?: string[] // may give one of them
  rights?: string[] // holds one of them
  offMenu?: boolean // reached by links alone
  bare?: boolean // without menu and tabs: a wall
}
export interface Group {
  name: string // `menu.NAME`
  icon: string // one of layout/icons.ts
  pages: Page[]
}

export const groups: Group[] = [
  { name: 'desk', icon: 'desk', pages: desk },
  { name: 'command', icon: 'command', pages: command },
  { name: 'exam', icon: 'exam', pages: exam },
  { name: 'papers', icon: 'papers', pages: papers },
  { name: 'sitting', icon: 'sitting', pages: sitting },
  { name: 'audit', icon: 'audit', pages: audit },
  { name: 'system', icon: 'system', pages: system },
]

export const groupOf = (page: Page): Group | undefined =>
  groups.find((g) => g.pages.some((p) => p.name === page.name))

export function maySee(page: Page): boolean {
  return (
    (!page.views || page.views.some(mayRead)) &&
    (!page.commands || page.commands.some(mayGive)) &&
    (!page.rights || page.rights.some(holdsRight))
  )
}

export interface Shown {
  group: Group
  pages: Page[]
}

// What the menu shows to this person.
export function shown(): Shown[] {
  return groups
    .map((group) => ({ group, pages: group.pages.filter((p) => !p.offMenu && maySee(p)) }))
    .filter((x) => x.pages.length > 0)
}
