// SPDX-License-Identifier: Apache-2.0
// What a command asks for, as the server describes it: fields, their words, whose signatures.
// The few commands that these pages give are kept for when there is no line.
import { reactive } from 'vue'
import { read } from './reading'
import { keepPlain, kept } from './store'

export interface Word {
  code: string
  zh: string
  en: string
}
export interface Field {
  name: string
  type: string
  zh: string
  en: string
  optional?: boolean
  ref?: string
  min?: number
  max?: number
  words?: Word[]
  fields?: Field[]
}
export interface SlotOf {
  name: string
  count: number
  optional?: boolean
  zh: string
  en: string
}
export interface Command {
  name: string
  zh: string
  en: string
  fields: Field[]
  slots: SlotOf[]
}
interface Key {
  id: string
  zh: string
  en: string
}

export const book = reactive({
  commands: {} as { [name: string]: Command },
  keys: {} as { [ref: string]: Key[] },
})

export async function loadBook(names: string[]): Promise<void> {
  if (names.every((n) => book.commands[n])) return
  const old = await kept<typeof book.commands>('book')
  if (old) book.commands = { ...old, ...book.commands }
  if (names.every((n) => book.commands[n])) return
  const r = await read<{ commands: Command[] }>('/api/v1/catalogue', false)
  if (!r) return
  for (const c of r.value.commands)
    if (/^(custody|sitting)\./.test(c.name)) book.commands[c.name] = c
  await keepPlain('book', book.commands)
}
