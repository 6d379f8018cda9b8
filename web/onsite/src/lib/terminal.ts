// SPDX-License-Identifier: Apache-2.0
// The state of this terminal: what it is, who stands here, what was done and where that is.
// Whatever is done goes to the disk first and is sent from there, in its order, until the server
// has answered; it is shown as `here` until then.
import { computed, reactive, shallowRef } from 'vue'
import { follows, hmac, randomHex, unhex, uuid, type Json } from './bytes'
import { deviceKey, type DeviceKey } from './key'
import { checkpoint, hello, Refused, Terminal, type Answer, type Hello } from './link'
import { allActs, dropAct, keepPlain, kept, putAct, type Act, type Slot } from './store'

export interface Here {
  person: number
  code: string
  until: string
  at: string
}
export interface Staff {
  code: string
  person: number
  roles: string[]
}

const EVERY_MS = 3000
const LOOK_MS = 20000
const AT_ONCE = 50 // acts of one POST
const KEPT_DAYS = 4
const DAY_MS = 86400000

export const t = reactive({
  ready: false,
  other: false, // another window has this terminal
  pub: '',
  hello: undefined as Hello | undefined,
  heard: 0, // when, by this clock
  online: false,
  trouble: undefined as { zh: string; en: string } | undefined,
  here: [] as Here[],
  who: 0, // who acts
  page: 'desk',
  acts: [] as Act[],
})

let key: DeviceKey
export const line = shallowRef<Terminal>()
let last = Promise.resolve()

export const unsent = computed(() => t.acts.filter((a) => a.state === 'here').length)
export const refused = computed(() => t.acts.filter((a) => a.state === 'refused'))
export const place = computed(() => t.hello?.place ?? '')
export const staff = computed(() => t.hello?.staff ?? [])

// The examination's time: a drill has its own clock, which stands still unless it is played.
export function examNow(): number {
  if (!t.hello?.drill) return Date.now()
  return Date.parse(t.hello.now) + pace * (Date.now() - t.heard)
}
let pace = 0

function learn(h: Hello): void {
  const was = t.hello,
    then = t.heard,
    now = Date.now()
  const ran = was && then ? Date.parse(h.now) - Date.parse(was.now) : 0
  if (was?.drill && now - then > 1000) pace = Math.max(0, ran / (now - then))
  t.hello = {
    ...h,
    place: h.place ?? was?.place,
    place_names: h.place_names ?? was?.place_names,
    staff: h.staff ?? was?.staff,
  }
  t.heard = now
  void keepPlain('hello', t.hello)
}

async function withSalt(data: { [n: string]: Json }, texts: { [n: string]: string }) {
  const beside = []
  for (const [field, text] of Object.entries(texts)) {
    const salt = randomHex(16)
    data[field] = await hmac(unhex(salt), text)
    beside.push({ field, salt, text })
  }
  return beside
}

export interface Done {
  command: string
  data: { [name: string]: Json }
  texts?: { [name: string]: string } // for the vault: only their HMAC goes into the act
  slots?: Slot[]
  about: Act['about']
  after?: Act // follows from that one: noted once, however often that is answered
}

// To the disk; then it is sent.  Resolves when it is on the disk.
export async function note(d: Done): Promise<Act> {
  const key = d.after ? follows(d.after.key) : uuid(Date.now())
  const known = t.acts.find((a) => a.key === key)
  if (known) return known
  const now = Date.now(),
    data = { ...d.data }
  const beside = await withSalt(data, d.texts ?? {})
  const a: Act = {
    key,
    command: d.command,
    actor: t.who,
    data,
    beside,
    slots: d.slots ?? [],
    happened: new Date(examNow()).toISOString(),
    time: new Date(now).toISOString(),
    about: d.about,
    state: 'here',
  }
  a.n = await putAct(a)
  t.acts.push(a)
  void send()
  return t.acts[t.acts.length - 1]
}

// Waits for its answer, but not longer than somebody at a desk does.
export function settled(a: Act, most = 2500): Promise<Act> {
  const until = Date.now() + most
  return new Promise((done) => {
    const look = (): void => {
      if (a.state !== 'here' || Date.now() > until) done(a)
      else setTimeout(look, 15)
    }
    look()
  })
}

// What else is done when an act is refused, also hours later.
export const onRefused: ((a: Act) => Promise<void>)[] = []

async function settle(act: Act, answer: Answer): Promise<void> {
  const a = t.acts.find((x) => x.n === act.n)
  if (!a) return
  const why = {
    zh: answer.zh ?? '',
    en: answer.en ?? '',
    article: answer.article ?? '',
    status: answer.status ?? 0,
    field: answer.errors?.[0]?.field,
  }
  a.index = answer.index
  if (answer.status === undefined) {
    a.waiting = answer.waiting
    a.state = 'sent'
  } else {
    a.why = why
    for (const f of onRefused) await f(a) // before: it is on the disk when this is settled
    a.state = 'refused'
  }
  await putAct(a)
}

async function sendAll(): Promise<void> {
  for (let turn = 0; turn < 1000 && line.value; turn++) {
    const waiting = t.acts.filter((a) => a.state === 'here').slice(0, AT_ONCE)
    if (!waiting.length) return
    const before = waiting.length
    for (const { act, answer } of await line.value.send(waiting)) await settle(act, answer)
    t.online = true
    if (turn > 3 && t.acts.filter((a) => a.state === 'here').length === before)
      await new Promise((done) => setTimeout(done, 500))
  }
}

function say(e: unknown): void {
  t.online = e instanceof Refused
  t.trouble =
    e instanceof Refused
      ? e.problem
      : {
          zh: '连不上服务器，所做的都存在本机',
          en: 'the server cannot be reached: all is saved here',
        }
}

// One after the other, whoever asks.
export function send(): Promise<void> {
  last = last
    .then(sendAll)
    .then(() => {
      if (t.online) t.trouble = undefined
    })
    .catch(say)
  return last
}

async function look(): Promise<void> {
  try {
    if (!t.hello?.device) learn(await hello(t.pub))
    t.online = true
    if (!t.hello?.device) return
    line.value ??= new Terminal(key, t.hello.device, t.hello.origin)
    learn(await line.value.read<Hello>('/api/v1/terminal'))
    t.online = true
    t.trouble = undefined
  } catch (e) {
    say(e)
  }
}

async function seal(): Promise<void> {
  const open = t.acts.filter((a) => a.index !== undefined && a.state === 'sent' && !a.sealed)
  if (!open.length || !t.online) return
  const c = await checkpoint().catch(() => undefined)
  for (const a of open)
    if (c && a.index! < c.size) {
      a.sealed = 1 + c.witnesses
      await putAct(a)
    }
}

// ---- beginning ----

async function forgetOld(): Promise<void> {
  const before = Date.now() - KEPT_DAYS * DAY_MS
  for (const a of t.acts) if (a.state === 'sent' && Date.parse(a.time) < before) await dropAct(a.n!)
}

// A device has one link, so one window: the lock is free again when this one is gone.
function alone(): Promise<boolean> {
  const locks = (
    navigator as {
      locks?: { request(n: string, o: object, f: (l: unknown) => Promise<void>): Promise<void> }
    }
  ).locks
  if (!locks) return Promise.resolve(true)
  return new Promise((done) => {
    void locks.request('gongyuan-terminal', { ifAvailable: true }, (l) => {
      done(!!l)
      return l ? new Promise<void>(() => undefined) : Promise.resolve()
    })
  })
}

async function beat(): Promise<void> {
  if (!t.hello?.device || Date.now() - t.heard > LOOK_MS || !t.online) await look()
  if (unsent.value) await send()
  await seal()
  setTimeout(() => void beat(), t.hello?.device ? EVERY_MS : 1500)
}

export async function begin(): Promise<void> {
  if (!(await alone())) {
    t.other = true
    return
  }
  key = await deviceKey()
  t.pub = key.pub
  t.hello = await kept<Hello>('hello')
  const now = Date.now()
  t.here = ((await kept<Here[]>('here')) ?? []).filter((h) => Date.parse(h.until) > now)
  t.who = (await kept<number>('who')) ?? 0
  if (!t.here.some((h) => h.person === t.who)) t.who = t.here[0]?.person ?? 0
  t.page = (await kept<string>('page')) ?? 'desk'
  t.acts = await allActs()
  await forgetOld()
  t.ready = true
  if (navigator.storage?.persist) void navigator.storage.persist()
  await look()
  void beat()
}

export function go(page: string): void {
  t.page = page
  void keepPlain('page', page)
}
