// SPDX-License-Identifier: Apache-2.0
// Staff codes of persons' numbers, asked for together when a page shows them, and then kept.
import { reactive } from 'vue'
import { get } from './client'

const MOST = 100

const codes = reactive(new Map<number, string>())
const asked = new Set<number>()
let waiting: number[] = []

async function fetchCodes(): Promise<void> {
  const now = waiting.slice(0, MOST)
  waiting = waiting.slice(MOST)
  if (waiting.length) setTimeout(() => void fetchCodes(), 0)
  try {
    const answer = await get<{ codes: Record<string, string> }>('codes', {
      query: { persons: now.join(',') },
    })
    for (const [id, code] of Object.entries(answer.codes)) codes.set(Number(id), code)
  } catch {
    for (const id of now) asked.delete(id) // shown by number until the next page asks again
  }
}

// Undefined until it is known; whoever reads it is told when it comes.
export function staffCode(person: number): string | undefined {
  const code = codes.get(person)
  if (code === undefined && !asked.has(person)) {
    asked.add(person)
    if (waiting.push(person) === 1) setTimeout(() => void fetchCodes(), 0)
  }
  return code
}
