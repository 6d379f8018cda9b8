// SPDX-License-Identifier: Apache-2.0
// The rows of a table: read a page at a time as it is scrolled, anew when a filter or the scope
// changes, and in place when something was recorded that may change them.
import {
  onBeforeUnmount,
  onMounted,
  reactive,
  ref,
  shallowRef,
  watch,
  type Ref,
  type ShallowRef,
} from 'vue'
import { view as viewOf } from '@/api/catalogue'
import { asProblem, type Problem } from '@/api/client'
import { page, PAGE_MOST, type Columns, type Row } from '@/api/view'
import { onRecorded } from '@/live/watch'

export interface Rows {
  list: ShallowRef<Row[]>
  next: Ref<string | null>
  total: Ref<number> // on all pages; -1: not asked
  loading: Ref<boolean>
  problem: ShallowRef<Problem | null>
  words: Ref<string>
  chosen: Record<string, string>
  again: () => Promise<void>
  more: () => void
}

const AFTER_KEY_MS = 300
const AFTER_EVENT_MS = 1500

export function useRows(
  view: () => string,
  fixed: () => Columns | undefined,
  concerns: () => string[],
  place: Ref<string>,
  counted: () => boolean = () => false,
): Rows {
  const list = shallowRef<Row[]>([])
  const next = ref<string | null>(null)
  const total = ref(-1)
  const loading = ref(true)
  const problem = shallowRef<Problem | null>(null)
  const words = ref('')
  const chosen = reactive<Record<string, string>>({})
  let run = 0 // the newest question; answers of older ones are dropped
  let due = 0

  // A view without places is everybody's who may read it; the server refuses the filter.
  const placed = (): boolean => viewOf(view())?.columns.some((c) => c.type === 'place') ?? true

  async function read(after: string | null, most: number): Promise<void> {
    const mine = ++run
    try {
      const p = await page(
        view(),
        { place: placed() ? place.value : '', q: words.value, columns: { ...chosen, ...fixed() } },
        after,
        most,
        counted() && !after,
      )
      if (mine !== run) return
      list.value = after ? [...list.value, ...p.items] : p.items
      next.value = p.next
      if (p.total !== undefined) total.value = p.total
      problem.value = null
    } catch (e) {
      if (mine === run) problem.value = asProblem(e)
    }
    if (mine === run) loading.value = false
  }
  // As many as were there, so that nothing jumps under the reader's eye.
  const again = (): Promise<void> =>
    read(null, Math.min(PAGE_MOST, Math.max(200, list.value.length)))
  function more(): void {
    if (next.value && !loading.value) {
      loading.value = true
      void read(next.value, 1000)
    }
  }
  function soon(ms: number): void {
    window.clearTimeout(due)
    due = window.setTimeout(() => void again(), ms)
  }

  let waiting = false
  const stop = onRecorded(concerns, () => {
    if (waiting || list.value.length > PAGE_MOST) return
    waiting = true
    window.setTimeout(() => {
      waiting = false
      void again()
    }, AFTER_EVENT_MS)
  })
  onMounted(() => void again())
  onBeforeUnmount(() => {
    stop()
    window.clearTimeout(due)
    run++
  })
  watch([words, chosen], () => soon(AFTER_KEY_MS))
  watch([place, () => JSON.stringify(fixed() ?? {})], () => {
    list.value = []
    loading.value = true
    void again()
  })
  return { list, next, total, loading, problem, words, chosen, again, more }
}
