// SPDX-License-Identifier: Apache-2.0
// The desk (领卷、收卷): what is scanned is known by what it looks like, in any order.  A badge is
// a staff code of this site, one to three digits are a room, anything else is a bag.  When a bag,
// two badges and a room are there, it is done; no further key.
import { reactive } from 'vue'
import { board } from './board'
import { codeOf, personOf, slotOf } from './people'
import { note, onRefused, place, settled, t } from './terminal'
import { numberOf, roomOf, session, site } from './sitting'
import type { Act } from './store'

export type Tone = 'idle' | 'good' | 'ask' | 'bad'
export interface Say {
  tone: Tone
  zh: string
  en: string
  article?: string
}

export const desk = reactive({
  mode: 'out' as 'out' | 'back',
  bag: '',
  seal: '',
  people: [] as number[],
  room: '',
  scripts: undefined as number | undefined,
  absent: undefined as number | undefined,
  twice: '', // typed by hand once
  say: { tone: 'idle', zh: '', en: '' } as Say,
  began: 0,
  took: [] as number[], // milliseconds a room
})

export function clear(): void {
  Object.assign(desk, {
    bag: '',
    seal: '',
    people: [],
    room: '',
    scripts: undefined,
    absent: undefined,
    twice: '',
    began: 0,
  })
}

const say = (tone: Tone, zh: string, en: string): void => {
  desk.say = { tone, zh, en }
}
const bad = (zh: string, en: string): void => say('bad', zh, en)

// Acts of this desk that stand: in the ledger, or on their way there.
export const done = (command: string): Act[] =>
  t.acts.filter(
    (a) => a.command === command && a.state !== 'refused' && a.about.session === site.chosen,
  )

export const prompt = (): { zh: string; en: string } => {
  if (desk.mode === 'back' && desk.bag && desk.seal && desk.people.length === 2 && desk.room)
    return desk.scripts === undefined
      ? { zh: '答卷份数', en: 'How many scripts' }
      : { zh: '缺考空卡份数', en: 'How many blank cards of absentees' }
  if (!desk.bag)
    return desk.mode === 'out'
      ? { zh: '扫试卷袋编号', en: 'Scan the bag' }
      : { zh: '扫答卷袋编号', en: 'Scan the script bag' }
  if (desk.mode === 'back' && !desk.seal) return { zh: '扫新密封条', en: 'Scan the new seal' }
  if (desk.people.length < 2) return { zh: '扫监考员工牌（两人）', en: 'Scan both badges' }
  return { zh: '输入考场号', en: 'Type the room' }
}

// ---- what was scanned ----

function person(code: string): boolean {
  const p = personOf(code)
  if (!p) return false
  const room = site.draw[p.person]
  if (!p.roles.includes('invigilator'))
    bad(`${p.code} 不是本考点监考员`, `${p.code} is no invigilator here`)
  else if (desk.people.includes(p.person))
    bad(`${p.code} 已扫过：须两人`, `${p.code} again: two different people`)
  else if (desk.people.length === 2) bad('已有两人；按 Esc 重来', 'two already; Esc begins again')
  else if (room && desk.room && room !== desk.room)
    bad(
      `${p.code} 抽到 ${numberOf(room)} 考场，不是 ${numberOf(desk.room)} 考场`,
      `${p.code} drew room ${numberOf(room)}, not ${numberOf(desk.room)}`,
    )
  else {
    desk.people.push(p.person)
    if (room) desk.room = room
  }
  return true
}

function room(text: string): boolean {
  const m = /^(?:R)?(\d{1,3})$/.exec(text)
  if (!m || desk.room) return false
  const r = roomOf(m[1])
  if (!r) bad(`本科次没有 ${m[1]} 考场`, `there is no room ${m[1]} in this session`)
  else desk.room = r.path
  return true
}

function count(text: string): boolean {
  if (desk.mode !== 'back' || !/^\d{1,3}$/.test(text) || !desk.room || !desk.seal) return false
  if (desk.scripts === undefined) desk.scripts = Number(text)
  else desk.absent = Number(text)
  return true
}

// A number that hands typed is typed twice; the gun does not err.
function sure(text: string, byHand: boolean): boolean {
  if (desk.twice && desk.twice !== text) {
    desk.twice = ''
    bad(`两次输入不一致，请重新输入`, 'not the same twice: type it again')
    return false
  }
  if (byHand && !desk.twice) {
    desk.twice = text
    say('ask', `手工输入 ${text}：请再输入一遍`, `typed by hand, ${text}: type it once more`)
    return false
  }
  desk.twice = ''
  return true
}

// The room that has it, or had: from this desk, or from another.
function roomBefore(bag: string): string | undefined {
  const out = desk.mode === 'out'
  const here = done(out ? 'custody.issue_bag' : 'custody.pack_scripts')
  const act = here.find((a) => a.about.ref === bag)
  if (act) return act.about.room ?? ''
  return Object.keys(board.out).find((room) => out && board.out[room] === bag)
}

function bag(text: string, byHand: boolean): void {
  const before = roomBefore(text)
  if (!sure(text, byHand)) return
  if (desk.bag && desk.mode === 'back' && !desk.seal) desk.seal = text
  else if (before !== undefined) {
    const no = numberOf(before)
    bad(
      `${text} 已${desk.mode === 'out' ? '发给' : '收自'} ${no} 考场`,
      `${text} was ${desk.mode === 'out' ? 'issued to' : 'taken from'} room ${no}`,
    )
  } else desk.bag = text
}

const whole = (): boolean =>
  !!desk.bag &&
  desk.people.length === 2 &&
  !!desk.room &&
  (desk.mode === 'out' || (!!desk.seal && desk.absent !== undefined))

export async function scanned(text: string, byHand: boolean): Promise<void> {
  if (!desk.began) desk.began = performance.now()
  if (desk.say.tone !== 'ask') say('idle', '', '')
  if (!person(text) && !count(text) && !room(text)) bag(text, byHand)
  if (desk.say.tone === 'ask' && !desk.twice) say('idle', '', '')
  if (whole()) await finish()
}

// ---- done ----

async function finish(): Promise<void> {
  const was = { bag: desk.bag, room: desk.room, no: numberOf(desk.room), began: desk.began }
  const a = desk.mode === 'out' ? await issue() : await takeBack()
  desk.took.push(performance.now() - was.began)
  clear()
  const verb = a.command === 'custody.issue_bag' ? ['已发', 'issued to'] : ['已收', 'back from']
  const settledAct = await settled(a)
  if (settledAct.state === 'refused') return
  const where = settledAct.state === 'sent' ? ['', ''] : ['（断网，已存本机）', ' (saved here)']
  say(
    'good',
    `${was.no} 考场 ${verb[0]} ${was.bag}${where[0]}`,
    `${was.bag} ${verb[1]} room ${was.no}${where[1]}`,
  )
}

const about = (zh: string, en: string): Act['about'] => ({
  zh: `${zh} ${desk.bag} · ${numberOf(desk.room)} 考场`,
  en: `${en} ${desk.bag}, room ${numberOf(desk.room)}`,
  ref: desk.bag,
  room: desk.room,
  session: site.chosen,
})

const issue = (): Promise<Act> =>
  note({
    command: 'custody.issue_bag',
    data: { bag: desk.bag, place: place.value, room: desk.room },
    slots: desk.people.map((p) => slotOf('receiver', p)),
    about: about('领卷', 'issue'),
  })

const takeBack = (): Promise<Act> =>
  note({
    command: 'custody.pack_scripts',
    data: {
      absent: desk.absent!,
      bag: desk.bag,
      place: desk.room,
      scripts: desk.scripts!,
      seal: desk.seal,
      session: site.chosen,
    },
    slots: [...desk.people.map((p) => slotOf('packer', p)), slotOf('acceptor', t.who)],
    about: about('收卷', 'scripts'),
  })

// The order was refused: that stands in the ledger.  That such a bag lies on this desk is a fact.
// Also when the answer comes after an hour without a line.
async function refusedBag(a: Act): Promise<void> {
  if (a.command !== 'custody.issue_bag' && a.command !== 'custody.pack_scripts') return
  desk.say = {
    tone: 'bad',
    zh: `${a.about.ref} 未受理：${a.why!.zh}`,
    en: `${a.about.ref} refused: ${a.why!.en}`,
    article: a.why!.article,
  }
  if (a.command !== 'custody.issue_bag' || a.why!.status === 403) return
  await note({
    after: a,
    command: 'custody.see_bag',
    data: { bag: a.about.ref!, place: place.value },
    about: { zh: `所见试卷袋 ${a.about.ref}`, en: `bag ${a.about.ref} seen`, session: site.chosen },
  })
}

onRefused.push(refusedBag)

export const names = (): string[] => desk.people.map(codeOf)
export const title = (): { zh: string; en: string } => session.value ?? { zh: '—', en: '—' }
