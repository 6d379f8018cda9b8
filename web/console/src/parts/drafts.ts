// SPDX-License-Identifier: Apache-2.0
// What was keyed into a form and not given: a form that is closed, or left for another page, has it
// again when it is opened. In memory alone, so that nothing of it stays on a machine that others
// use; a reload asks first, and whoever leaves takes it away.
import { ref, watch, type Ref } from 'vue'
import { nowKeyed, type Keyed, type KeyedRow } from './fieldValue'
import type { SignatureKeyed } from './SignatureInputs.vue'
import type { Field } from '@/api/catalogue'
import { me } from '@/api/me'
import { uuid7 } from '@/api/uuid'
import { minuteNow } from '@/live/clock'

interface Key {
  body: string
  uuid: string
}
interface Draft {
  keyed: KeyedRow // what differs from what stood there at first
  signatures: SignatureKeyed[] // without the day's PIN
  key: Key
}
const kept = new Map<string, Draft>()
let whose = ''
watch(me, (m) => {
  if (m && m.code !== whose) kept.clear() // another person finds nothing of the one before
  whose = m?.code ?? whose
})
export const dropDrafts = (): void => kept.clear()

window.addEventListener('beforeunload', (e) => {
  if (!kept.size) return
  e.preventDefault()
  e.returnValue = '' // Chrome 87 asks for this one
})

// Kinds of values that say what a form is about; a time or a count is only a proposal.
const ABOUT = ['id', 'code', 'key', 'subject', 'person', 'hash', 'place']
export function draftId(name: string, fields: Field[], preset: KeyedRow = {}): string {
  const about = fields.filter((f) => ABOUT.includes(f.type)).map((f) => preset[f.name] ?? '')
  return JSON.stringify([name, ...about])
}

const unsaid = (list: SignatureKeyed[]): SignatureKeyed[] =>
  list.map((s) => ({ ...s, note: s.how === 'badge' ? '' : s.note }))
const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)
const copy = (row: KeyedRow): KeyedRow => JSON.parse(JSON.stringify(row)) as KeyedRow

interface Drafting {
  isRestored: Ref<boolean>
  begun: () => void // the form stands as it is before anybody keys
  restore: (id: string) => void // what was kept under that name, over what stands there
  represet: (now: KeyedRow, before: KeyedRow) => void
  keyFor: (body: string) => string // the same body again has the same key
  remember: () => void
  forget: () => void // it was given, or is not wanted
}

// Of one form. `moment`: its fields that are now as long as nothing was keyed.
export function useDraft(
  keyed: KeyedRow,
  signatures: Ref<SignatureKeyed[]>,
  moment: () => string[],
): Drafting {
  const isRestored = ref(false)
  let about = ''
  let first: { keyed: KeyedRow; signatures: SignatureKeyed[] } = { keyed: {}, signatures: [] }
  let key: Key = { body: '', uuid: '' }

  const momentsOf = (): [string, Keyed][] => moment().map((n) => [n, keyed[n]])
  function begun(): void {
    for (const name of moment()) keyed[name] = nowKeyed()
    first = { keyed: copy(keyed), signatures: unsaid(signatures.value) }
    isRestored.value = false
  }
  function remember(): void {
    const row = Object.entries(keyed).filter(([n, v]) => !isSame(v, first.keyed[n]))
    const list = unsaid(signatures.value)
    if (!row.length && isSame(list, first.signatures)) kept.delete(about)
    else {
      // What was given and not answered is given again as it was; a moment is when one began.
      const all = key.body ? keyed : Object.fromEntries([...row, ...momentsOf()])
      kept.set(about, { keyed: copy(all), signatures: list, key })
    }
  }
  function restore(id: string): void {
    about = id
    const d = kept.get(about)
    if (!d) return
    Object.assign(keyed, d.keyed)
    if (d.signatures.length === signatures.value.length) signatures.value = d.signatures
    key = d.key
    isRestored.value = true
  }
  function represet(now: KeyedRow, before: KeyedRow): void {
    for (const [n, v] of Object.entries(now)) {
      if (!isSame(v, before[n])) keyed[n] = v
      first.keyed[n] = v
    }
  }
  function keyFor(body: string): string {
    if (key.body !== body) key = { body, uuid: uuid7() }
    return key.uuid
  }
  function forget(): void {
    key = { body: '', uuid: '' }
    kept.delete(about)
  }
  watch([keyed, signatures], remember, { deep: true })
  watch(minuteNow, () => {
    if (moment().length && !kept.has(about)) begun()
  })
  return { isRestored, begun, restore, represet, keyFor, remember, forget }
}
