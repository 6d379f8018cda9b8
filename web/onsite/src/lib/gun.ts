// SPDX-License-Identifier: Apache-2.0
// A scanner gun that types into whatever has the focus: known by how fast its keys come.  What it
// typed, and what stood in the field before.
import { charOf, GUN_MS } from './scan'

const LEAST = 4 // keys; shorter ones may be a hand's

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement

export class Burst {
  private text = ''
  private before = ''
  private last = -GUN_MS

  // The gun's text when this key is the Enter behind it.
  key(e: KeyboardEvent, field: Field): string | undefined {
    const fast = e.timeStamp - this.last <= GUN_MS,
      text = this.text
    if (e.key === 'Shift') return undefined
    this.last = e.timeStamp
    const c = charOf(e.code) || (e.key.length === 1 ? e.key : '')
    if (c) {
      if (!fast) this.before = field.value
      this.text = fast ? text + c : c
      return undefined
    }
    this.text = ''
    return e.key === 'Enter' && fast && text.length >= LEAST ? text.toUpperCase() : undefined
  }

  // The field as it was before the gun.
  restore(field: Field): void {
    field.value = this.before
    field.dispatchEvent(new Event(field.tagName === 'SELECT' ? 'change' : 'input'))
  }
}
