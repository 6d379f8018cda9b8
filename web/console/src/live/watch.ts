// SPDX-License-Identifier: Apache-2.0
// Keeps what a page has asked fresh: once at first, then whenever something was recorded that may
// change it, at most once a second, and when the connection comes back.
import { onBeforeUnmount, onMounted, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import { feed, listen, type Entry } from './feed'
import { asProblem, type Problem } from '@/api/client'

export interface Kept<T> {
  value: ShallowRef<T>
  loading: Ref<boolean> // nothing has come yet
  problem: ShallowRef<Problem | null>
  again: () => Promise<void>
}

const AT_MOST_MS = 1000

// `concerns`: prefixes of event types ("alarm.", "duty.order"); none: every one. `on`: what else
// it depends on (the scope).
export function keep<T>(
  first: T,
  ask: () => Promise<T>,
  concerns: string[] = [],
  on?: () => unknown,
): Kept<T> {
  const value = shallowRef(first) as ShallowRef<T>
  const loading = ref(true)
  const problem = shallowRef<Problem | null>(null)
  let due = 0
  let asking = false
  let stale = false
  let stop: () => void = () => undefined

  async function again(): Promise<void> {
    if (asking) {
      stale = true
      return
    }
    asking = true
    try {
      value.value = await ask()
      problem.value = null
    } catch (e) {
      problem.value = asProblem(e)
    }
    loading.value = false
    asking = false
    if (stale) soon()
    stale = false
  }
  function soon(): void {
    if (!due) {
      due = window.setTimeout(() => {
        due = 0
        void again()
      }, AT_MOST_MS)
    }
  }
  function heard(entries: Entry[]): void {
    const any = !entries.length || !concerns.length
    if (any || entries.some((e) => concerns.some((c) => e.type.startsWith(c)))) soon()
  }

  onMounted(() => {
    stop = listen(heard)
    void again()
  })
  onBeforeUnmount(() => {
    stop()
    window.clearTimeout(due)
  })
  watch(
    () => feed.live,
    (live) => live && soon(),
  )
  if (on) watch(on, () => void again())
  return { value, loading, problem, again }
}
