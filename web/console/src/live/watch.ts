// SPDX-License-Identifier: Apache-2.0
// Keeps what a page has asked fresh: once at first, then whenever something was recorded that may
// change it, at most once a second, and when the connection comes back. What a person's role does
// not hear of is seen by the ledger's growth, every few seconds.
import { onBeforeUnmount, onMounted, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import { feed, listen, type Entry } from './feed'
import { asProblem, type Problem } from '@/api/client'

export interface Kept<T> {
  value: ShallowRef<T>
  loading: Ref<boolean> // nothing has come yet
  problem: ShallowRef<Problem | null>
  again: () => Promise<void>
  // After an act of one's own: what is read then has it.
  after: (index: number) => Promise<void>
}

const AT_MOST_MS = 1000
const UNHEARD_MS = 5000

// Calls `act` when something of `concerns` was recorded; -> to stop.
export function onRecorded(concerns: () => string[], act: () => void): () => void {
  let seen = feed.size
  const stop = listen((entries: Entry[]) => {
    const any = !entries.length || !concerns().length
    if (any || entries.some((e) => concerns().some((c) => e.type.startsWith(c)))) {
      seen = feed.size
      act()
    }
  })
  const timer = window.setInterval(() => {
    if (feed.size > seen) act()
    seen = feed.size
  }, UNHEARD_MS)
  return () => {
    stop()
    window.clearInterval(timer)
  }
}

// `concerns`: prefixes of event types ("alarm.", "duty.order"); none: every one. `on`: what else
// it depends on (the scope). `ask` may pass `min` on as a filter's min_index.
export function keep<T>(
  first: T,
  ask: (min?: number) => Promise<T>,
  concerns: string[] = [],
  on?: () => unknown,
): Kept<T> {
  const value = shallowRef(first) as ShallowRef<T>
  const loading = ref(true)
  const problem = shallowRef<Problem | null>(null)
  let due = 0
  let run = 0 // the newest question: older answers are dropped
  let asking = 0 // how many are on their way
  let stop: () => void = () => undefined

  async function read(min?: number): Promise<void> {
    const mine = ++run
    asking++
    try {
      const got = await ask(min)
      if (mine !== run) return
      value.value = got
      problem.value = null
    } catch (e) {
      if (mine === run) problem.value = asProblem(e)
    } finally {
      asking--
    }
    if (mine === run) loading.value = false
  }
  function soon(): void {
    if (!due) {
      due = window.setTimeout(() => {
        due = 0
        // A slow answer is waited for: else a busy ledger would have none arrive.
        if (asking) soon()
        else void read()
      }, AT_MOST_MS)
    }
  }

  onMounted(() => {
    stop = onRecorded(() => concerns, soon)
    void read()
  })
  onBeforeUnmount(() => {
    stop()
    window.clearTimeout(due)
    run++
  })
  watch(
    () => feed.live,
    (live) => live && soon(),
  )
  if (on) watch(on, () => void read())
  return { value, loading, problem, again: () => read(), after: (index) => read(index) }
}
