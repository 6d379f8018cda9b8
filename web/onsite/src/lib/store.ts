// SPDX-License-Identifier: Apache-2.0
// What this terminal keeps on its own disk: IndexedDB, three shelves.
//   kept    single things by name: key, device, who stands here, what was read last
//   acts    everything that was done here, in its order: the outbox and what became of it
// A write is on the disk before it is said to be (durability: strict).
import type { Json } from './bytes'

export interface Slot {
  slot: string
  how: string
  person: number
}
export interface Beside {
  field: string
  salt: string
  text: string
}
export interface Act {
  n?: number // order on this terminal
  key: string // of idempotency: the same for ever
  command: string
  actor: number
  data: { [name: string]: Json }
  slots: Slot[]
  beside: Beside[]
  happened: string
  time: string
  about: { zh: string; en: string; ref?: string; room?: string; session?: string }
  state: 'here' | 'sent' | 'refused'
  index?: number
  waiting?: boolean // signatures are awaited
  sealed?: number // covered by a signed checkpoint; how many witnesses have cosigned
  why?: { zh: string; en: string; article: string; status: number; field?: string }
}

let opened: Promise<IDBDatabase> | undefined

function open(): Promise<IDBDatabase> {
  opened ??= new Promise((done, failed) => {
    const r = indexedDB.open('gongyuan-onsite', 1)
    r.onupgradeneeded = () => {
      r.result.createObjectStore('kept')
      r.result.createObjectStore('acts', { keyPath: 'n', autoIncrement: true })
    }
    r.onsuccess = () => done(r.result)
    r.onerror = () => failed(r.error)
  })
  return opened
}

type Mode = 'readonly' | 'readwrite'
async function run<T>(
  shelf: string,
  mode: Mode,
  f: (s: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const db = await open()
  return new Promise((done, failed) => {
    const t: IDBTransaction = db.transaction(shelf, mode, { durability: 'strict' })
    const r = f(t.objectStore(shelf))
    t.oncomplete = () => done(r.result)
    t.onerror = t.onabort = () => failed(t.error ?? r.error)
  })
}

// Vue's proxies cannot be cloned into a store.
const plain = <T>(v: T): T => JSON.parse(JSON.stringify(v)) as T

export const kept = <T>(name: string): Promise<T | undefined> =>
  run('kept', 'readonly', (s) => s.get(name) as IDBRequest<T | undefined>)
export const keep = (name: string, v: unknown): Promise<unknown> =>
  run('kept', 'readwrite', (s) => s.put(v, name))
export const keepPlain = (name: string, v: unknown): Promise<unknown> => keep(name, plain(v))

export const allActs = (): Promise<Act[]> =>
  run('acts', 'readonly', (s) => s.getAll() as IDBRequest<Act[]>)
export const putAct = async (a: Act): Promise<number> =>
  (await run('acts', 'readwrite', (s) => s.put(plain(a)))) as number
export const dropAct = (n: number): Promise<unknown> =>
  run('acts', 'readwrite', (s) => s.delete(n) as IDBRequest<unknown>)
