// SPDX-License-Identifier: Apache-2.0
// Asking the server: same origin, the cookie does the rest. What goes wrong is a Problem in both
// languages, also when nobody answered.
import { language } from '@/words'

export interface FieldError {
  field: string
  pointer: string
  zh: string
  en: string
  row?: number
  column?: string
  rule?: string
}

export class Problem extends Error {
  constructor(
    readonly status: number, // 0: no answer
    readonly zh: string,
    readonly en: string,
    readonly article = '',
    readonly errors: FieldError[] = [],
    readonly index: number | null = null, // the entry that records the refusal
  ) {
    super(zh)
  }
  get text(): string {
    return language() === 'en' ? this.en : this.zh
  }
  get isLost(): boolean {
    return this.status === 0 || this.status === 503
  }
}

export interface Asking {
  query?: Record<string, string | string[] | number | undefined>
  body?: unknown
  key?: string // Idempotency-Key
  file?: Blob // sent as it is, in place of a body
  takesFile?: boolean // the answer is one
}

const ROOT = '/api/v1/'
// How long somebody waits for an answer before the page says that there is none. The server
// answers within seconds or refuses (503); a minute is a busy county's line at its worst, and
// what was given keeps its key, so that giving it again counts once.
const ANSWER_MS = 60_000
// A table of a whole city is sent and checked in one piece, over whatever line there is.
const FILE_MS = 600_000
let onLoggedOut: () => void = () => undefined

// Called whenever the server says that nobody is logged in.
export function whenLoggedOut(act: () => void): void {
  onLoggedOut = act
}

function address(path: string, query: Asking['query']): string {
  const words = new URLSearchParams()
  for (const [name, value] of Object.entries(query ?? {})) {
    if (Array.isArray(value)) value.forEach((v) => words.append(name, v))
    else if (value !== undefined && value !== '') words.set(name, String(value))
  }
  const tail = words.toString()
  return ROOT + path + (tail ? `?${tail}` : '')
}

async function problemOf(reply: Response): Promise<Problem> {
  try {
    const p = await reply.json()
    return new Problem(
      reply.status,
      p.zh ?? p.detail,
      p.en ?? p.detail,
      p.article,
      p.errors,
      p.index,
    )
  } catch {
    return new Problem(
      reply.status,
      `服务器答复 ${reply.status}`,
      `the server answered ${reply.status}`,
    )
  }
}

const LOST = ['连不上服务器，请检查网络', 'the server cannot be reached: check the network']
const SILENT = [
  '服务器迟迟没有答复，请稍后重试；如一再如此，请电话联系系统管理员',
  'the server does not answer: try again later; if it stays so, telephone the administrator',
]

// Asks once and reads the answer whole by `read`; who waits too long for either is told so.
async function ask<T>(
  method: string,
  path: string,
  asking: Asking,
  read: (reply: Response) => Promise<T>,
): Promise<T> {
  const headers: Record<string, string> = {
    'Accept-Language': language() === 'en' ? 'en' : 'zh-CN',
  }
  if (asking.body !== undefined) headers['Content-Type'] = 'application/json'
  if (asking.file) headers['Content-Type'] = 'application/octet-stream'
  if (asking.key) headers['Idempotency-Key'] = asking.key
  const patience = new AbortController()
  const timer = window.setTimeout(
    () => patience.abort(),
    asking.file || asking.takesFile ? FILE_MS : ANSWER_MS,
  )
  try {
    const reply = await fetch(address(path, asking.query), {
      method,
      headers,
      credentials: 'same-origin',
      body: asking.file ?? (asking.body === undefined ? undefined : JSON.stringify(asking.body)),
      signal: patience.signal,
    })
    if (reply.ok) return await read(reply)
    const problem = await problemOf(reply)
    if (reply.status === 401 && path !== 'login') onLoggedOut()
    throw problem
  } catch (e) {
    const isSilent = patience.signal.aborted
    if (!isSilent && !(e instanceof TypeError)) throw e // a TypeError: the network's own
    const [zh, en] = isSilent ? SILENT : LOST
    throw new Problem(0, zh, en)
  } finally {
    window.clearTimeout(timer)
  }
}

export function get<T>(path: string, asking: Asking = {}): Promise<T> {
  return ask('GET', path, asking, (reply) => reply.json() as Promise<T>)
}

export function getText(path: string): Promise<string> {
  return ask('GET', path, {}, (reply) => reply.text())
}

export function post<T>(path: string, body: unknown, asking: Asking = {}): Promise<T> {
  return ask('POST', path, { ...asking, body }, (reply) => reply.json() as Promise<T>)
}

export function sendFile<T>(path: string, file: Blob, query: Asking['query']): Promise<T> {
  return ask('POST', path, { file, query }, (reply) => reply.json() as Promise<T>)
}

// One that is made for whoever asks, and of which it is recorded who took it.
export function takeFile(path: string, query: Asking['query']): Promise<Blob> {
  return ask('POST', path, { query, takesFile: true }, (reply) => reply.blob())
}

export async function remove(path: string): Promise<void> {
  await ask('DELETE', path, {}, async () => undefined)
}

// What a page shows of anything that was thrown.
export function asProblem(e: unknown): Problem {
  if (e instanceof Problem) return e
  return new Problem(0, `页面出错：${String(e)}`, `the page failed: ${String(e)}`)
}
