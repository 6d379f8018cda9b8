// SPDX-License-Identifier: Apache-2.0
// The terminal's link to the server (docs/formats.md §2): opened by the device's key, it gives a
// key for MACs.  Nothing here is kept: after a restart a new link is opened, and the ledger says
// where the chain of acts stands.
import { canonical, hmac, randomHex, sha256, unhex, type Json } from './bytes'
import type { DeviceKey } from './key'
import type { Act } from './store'

export interface Hello {
  badge_s?: number // a PIN that was given here signs for so long
  device: number
  drill: boolean
  exam: string
  name_zh: string
  name_en: string
  now: string
  offset_min: number
  origin: string
  size: number
  place?: string
  place_names?: string[]
  staff?: { code: string; person: number; roles: string[] }[]
}
export interface Problem {
  status: number
  zh: string
  en: string
  article: string
}
export interface Answer extends Partial<Problem> {
  errors?: { field: string }[]
  index?: number
  leaf?: string
  repeated?: boolean
  waiting?: boolean
  expected?: number
  head?: string
}
interface Link {
  link: number
  key: Uint8Array
  origin: string
  exam: string
  seq: number
  prev: string
}

const WAIT_MS = 15000

export class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.en)
  }
}

// As the browser will send it.
function targetOf(path: string): string {
  const u = new URL(path, location.href)
  return u.pathname + u.search
}

async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  const stop = new AbortController(),
    timer = setTimeout(() => stop.abort(), WAIT_MS)
  try {
    return await fetch(path, {
      ...init,
      signal: stop.signal,
      cache: 'no-store',
      credentials: 'omit',
    })
  } finally {
    clearTimeout(timer)
  }
}

async function problemOf(r: Response): Promise<Problem> {
  const p = (await r.json().catch(() => ({}))) as Partial<Problem> & { detail?: string }
  const said = p.detail ?? r.statusText
  return { status: r.status, zh: p.zh ?? said, en: p.en ?? said, article: p.article ?? '' }
}

async function json<T>(r: Response): Promise<T> {
  if (!r.ok) throw new Refused(await problemOf(r))
  return (await r.json()) as T
}

const post = (path: string, body: string, headers: Record<string, string> = {}) =>
  ask(path, { method: 'POST', body, headers: { 'Content-Type': 'application/json', ...headers } })

export const hello = async (pub: string): Promise<Hello> =>
  json<Hello>(await ask(`/api/v1/terminal?key=${pub}`))

// Witnesses sign below the log's own line of a checkpoint.
export async function checkpoint(): Promise<{ size: number; witnesses: number } | undefined> {
  const r = await ask('/checkpoint')
  if (!r.ok) return undefined
  const [head, tail] = (await r.text()).split('\n\n')
  const size = Number(head.split('\n')[1]),
    lines = (tail ?? '').split('\n').filter((l) => l)
  return { size, witnesses: Math.max(0, lines.length - 1) }
}

export class Terminal {
  private link?: Link
  constructor(
    private key: DeviceKey,
    private device: number,
    private origin: string,
  ) {}

  private async opened(): Promise<Link> {
    if (this.link) return this.link
    const time = new Date().toISOString(),
      nonce = randomHex(16)
    const signature = await this.key.sign(
      `gongyuan/link/v1\n${this.origin}\n${this.device}\n${time}\n${nonce}\n`,
    )
    const got = await json<{
      link: number
      key: string
      origin: string
      exam: string
      seq: number
      head: string
    }>(await post('/api/v1/links', canonical({ device: this.device, nonce, signature, time })))
    this.link = { ...got, key: unhex(got.key), prev: got.head }
    return this.link
  }

  // Once more by a new link when the old one counts no more.
  private async again<T>(f: (l: Link) => Promise<T>): Promise<T> {
    try {
      return await f(await this.opened())
    } catch (e) {
      const gone = e instanceof Refused && (e.problem.status === 401 || e.problem.status === 403)
      if (!gone || !this.link) throw e
      this.link = undefined
      return f(await this.opened())
    }
  }

  async read<T>(path: string, person?: number): Promise<T> {
    return this.again(async (l) => {
      const at = new Date().toISOString(),
        who = person ? String(person) : ''
      const mac = await hmac(l.key, `gongyuan/read/v2\n${at}\n${who}\n${targetOf(path)}\n`)
      return json<T>(
        await ask(path, {
          headers: {
            'Gongyuan-Link': String(l.link),
            'Gongyuan-At': at,
            'Gongyuan-Mac': mac,
            ...(who ? { 'Gongyuan-Person': who } : {}),
          },
        }),
      )
    })
  }

  async badge(badge: string, pin?: string): Promise<{ person: number; until: string }> {
    return this.again(async (l) => {
      const at = new Date().toISOString()
      const body = canonical(pin === undefined ? { at, badge, leave: true } : { at, badge, pin })
      const mac = await hmac(l.key, `gongyuan/badge/v1\n${body}`)
      return json(
        await post('/api/v1/badges', body, {
          'Gongyuan-Link': String(l.link),
          'Gongyuan-Mac': mac,
        }),
      )
    })
  }

  private text(a: Act, l: Link, seq: number, prev: string): string {
    return canonical({
      actor: a.actor,
      command: a.command,
      data: a.data as Json,
      device: this.device,
      exam: l.exam,
      happened: a.happened,
      key: a.key,
      link: l.link,
      origin: l.origin,
      prev,
      seq,
      source: 'terminal',
      time: a.time,
    })
  }

  // Sends acts in their order; the answers of those that were answered.  An act that is refused has
  // no number: what was sent behind it is to be sent again.
  async send(acts: Act[]): Promise<{ act: Act; answer: Answer }[]> {
    const l = await this.opened(),
      list: Json[] = [],
      texts: string[] = []
    let seq = l.seq,
      prev = l.prev
    for (const a of acts) {
      const text = this.text(a, l, ++seq, prev),
        slots = a.slots as unknown as Json
      prev = await sha256(text)
      const head =
        texts.length + 1 === acts.length
          ? await this.key.sign(
              `gongyuan/device/v1\n${l.origin}\n${this.device}\n${seq}\n${prev}\n`,
            )
          : ''
      const mac = await hmac(l.key, `${text}\n${canonical(slots)}\n${head}\n`)
      texts.push(text)
      list.push({
        act: text,
        beside: a.beside as unknown as Json,
        mac,
        slots,
        ...(head ? { head } : {}),
      })
    }
    const r = await post('/api/v1/acts', canonical(list))
    const { answers } = await json<{ answers: Answer[] }>(r)
    return this.taken(l, acts, texts, answers)
  }

  private async taken(l: Link, acts: Act[], texts: string[], answers: Answer[]) {
    const told: { act: Act; answer: Answer }[] = []
    for (let i = 0; i < answers.length; i++) {
      const a = answers[i]
      if (a.status === undefined) {
        told.push({ act: acts[i], answer: a })
        if (a.repeated) {
          // the ledger has it by an older text: begin where it stands
          this.link = undefined
          break
        }
        l.seq++
        l.prev = await sha256(texts[i])
        continue
      }
      if (a.expected) {
        l.seq = a.expected - 1
        l.prev = a.head ?? l.prev
      } else if (a.status === 401) {
        this.link = undefined
      } else if (a.status !== 503) {
        told.push({ act: acts[i], answer: a })
      }
      break
    }
    return told
  }
}
