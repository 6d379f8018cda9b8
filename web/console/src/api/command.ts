// SPDX-License-Identifier: Apache-2.0
// Giving a command, and what becomes of it: saved (sent, no answer yet), recorded (durable), signed
// (in a checkpoint), witnessed (cosigned by others).
import { reactive } from 'vue'
import { asProblem, getText, post, Problem } from './client'
import { uuid7 } from './uuid'

export type How = 'badge' | 'paper' | 'phone' | 'key'
export interface Signed {
  slot: string
  how: How
  person: string
  note?: string
}
export interface Act {
  data: Record<string, unknown>
  slots?: Signed[]
  happened?: string
  source?: string
  exception?: string
}
export interface Receipt {
  index: number
  leaf: string
  checkpoint: string
  waiting?: boolean
  repeated?: boolean
}
export type Standing = 'saved' | 'recorded' | 'signed' | 'witnessed' | 'refused'
export interface Sent {
  key: string
  command: string
  at: number
  standing: Standing
  receipt: Receipt | null
  witnesses: number
  problem: Problem | null
}

const KEPT = 20
// The newest first: what this page has sent since it was opened.
export const sent: Sent[] = reactive([])

const LOOKS = 8 // for the proof: the signer takes about a second, witnesses some more
const LOOK_MS = 1500

// A tlog-proof ends in a signed note: one line of ours, one for each witness.
function signatures(proof: string): number {
  return proof.split('\n').filter((line) => line.startsWith('— ')).length
}

async function follow(s: Sent): Promise<void> {
  for (let i = 0; i < LOOKS && s.receipt; i++) {
    await new Promise((done) => setTimeout(done, LOOK_MS))
    try {
      const n = signatures(await getText(`receipts/${s.receipt.index}/${s.receipt.leaf}`))
      if (n > 0 && s.standing === 'recorded') s.standing = 'signed'
      s.witnesses = Math.max(0, n - 1)
      if (n > 1) {
        s.standing = 'witnessed'
        return
      }
    } catch {
      // not yet in a checkpoint, or no answer now: it is recorded all the same
    }
  }
}

// Gives it once. When nothing was answered the same `key` may be sent again: it counts once.
export async function give(command: string, act: Act, key = uuid7()): Promise<Sent> {
  let s = sent.find((x) => x.key === key)
  if (!s) {
    sent.unshift({
      key,
      command,
      at: Date.now(),
      standing: 'saved',
      receipt: null,
      witnesses: 0,
      problem: null,
    })
    s = sent[0]
    sent.length = Math.min(sent.length, KEPT)
  }
  try {
    s.receipt = await post<Receipt>(`commands/${command}`, act, { key })
    s.standing = 'recorded'
    s.problem = null
    void follow(s)
    return s
  } catch (e) {
    s.problem = asProblem(e)
    if (!s.problem.isLost) s.standing = 'refused'
    throw s.problem
  }
}

// A badge and its PIN at this desk: afterwards the person may sign here by badge.
export function badge(code: string, pin: string): Promise<unknown> {
  return post('badges', { badge: code, pin })
}
