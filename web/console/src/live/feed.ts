// SPDX-License-Identifier: Apache-2.0
// What is recorded, as it is recorded (GET /events): entries of the caller's places, and counters.
// When the stream breaks it is begun again from the index that was heard last, later and later;
// what is on the screen is then as of `heardAt`.
import { reactive, shallowRef } from 'vue'
import { observe } from './clock'
import { asProblem } from '@/api/client'
import { loadMe } from '@/api/me'

export interface Entry {
  index: number
  place: string
  time: string
  type: string
  zh: string
  en: string
}
export interface Counters {
  alarms: Record<string, number>
  entries_per_s: number
  papers: Record<string, { bags: number; copies: number }>
  papers_at?: Record<string, number> // store, way, site, room, ...: bags
  session: string
  sites: Record<string, number>
  size: number
}

export const feed = reactive({
  live: false,
  began: false, // has been live once
  heardAt: 0, // by this machine
  size: 0,
})
export const counters = shallowRef<Counters | null>(null)
export const newest = shallowRef<Entry[]>([]) // the newest first

const KEPT = 200
const WAIT_MS = [1000, 2000, 5000, 10_000, 15_000]
const SILENT_MS = 40_000 // the server says every few seconds that it lives

type Listener = (entries: Entry[]) => void
const listeners = new Set<Listener>()
let source: EventSource | null = null
let last = -1
let failures = 0
let again = 0
let waiting: string[] = []
let flushing = 0

// Calls `act` with what came, a few times a second at most; give back to stop.
export function listen(act: Listener): () => void {
  listeners.add(act)
  return () => listeners.delete(act)
}

function flush(): void {
  flushing = 0
  const came = waiting.map((text) => JSON.parse(text) as Entry)
  const end = came[came.length - 1]
  waiting = []
  if (!end) return
  if (source) hear() // else it broke meanwhile
  feed.size = Math.max(feed.size, end.index + 1)
  observe(Date.parse(end.time))
  newest.value = [...came.slice(-KEPT).reverse(), ...newest.value].slice(0, KEPT)
  listeners.forEach((act) => act(came))
}

function hear(): void {
  feed.live = true
  feed.began = true
  feed.heardAt = Date.now()
  failures = 0
}

// Hundreds may come in a second: what shows them is told of all that came in a while together.
function take(e: MessageEvent): void {
  last = Number(e.lastEventId)
  waiting.push(e.data as string)
  if (!flushing) flushing = window.setTimeout(flush, 250)
}

function takeCounters(e: MessageEvent): void {
  hear()
  counters.value = JSON.parse(e.data) as Counters
  feed.size = Math.max(feed.size, counters.value.size)
}

function close(): void {
  source?.close()
  source = null
}

// The server may have closed it because a grant changed: who one is is asked again.
async function lose(): Promise<void> {
  close()
  feed.live = false
  window.clearTimeout(again)
  again = window.setTimeout(open, WAIT_MS[Math.min(failures++, WAIT_MS.length - 1)])
  if (failures > 1) return
  try {
    observe(Date.parse((await loadMe()).now))
  } catch (e) {
    if (asProblem(e).status === 401) stopFeed()
  }
}

function open(): void {
  close()
  const s = new EventSource(`/api/v1/events${last >= 0 ? `?after=${last}` : ''}`)
  source = s
  s.onopen = hear
  s.onmessage = take
  s.addEventListener('counters', takeCounters)
  s.addEventListener('reset', () => {
    last = -1
    void lose()
    listeners.forEach((act) => act([])) // everything is to be read anew
  })
  s.onerror = () => void lose()
}

let watch = 0
export function startFeed(): void {
  if (source) return
  open()
  watch = window.setInterval(() => {
    if (feed.live && source && Date.now() - feed.heardAt > SILENT_MS) void probe()
  }, 5000)
}

// A quiet city or a dead line? Comments of the stream are not shown to a page: one question tells.
async function probe(): Promise<void> {
  try {
    observe(Date.parse((await loadMe()).now))
    if (source) hear()
  } catch {
    if (source) void lose()
  }
}

export function stopFeed(): void {
  close()
  window.clearTimeout(again)
  window.clearInterval(watch)
  feed.live = false
  feed.began = false
  last = -1
  failures = 0
  waiting = []
  newest.value = []
  counters.value = null
}
