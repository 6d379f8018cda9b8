// SPDX-License-Identifier: Apache-2.0
// The pages that are open. A tab keeps the address it was left at.
import { reactive } from 'vue'

export interface Tab {
  name: string
  to: string
}

const MOST = 8

export const tabs = reactive({
  list: [] as Tab[],
  open(name: string, to: string): void {
    const known = tabs.list.find((t) => t.name === name)
    if (known) known.to = to
    else tabs.list.push({ name, to })
    if (tabs.list.length > MOST) tabs.list.shift()
  },
  // -> the one to go to when it was in front
  shut(name: string): Tab | undefined {
    const at = tabs.list.findIndex((t) => t.name === name)
    if (at >= 0) tabs.list.splice(at, 1)
    return tabs.list[Math.min(at, tabs.list.length - 1)]
  },
})
