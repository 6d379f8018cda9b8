// SPDX-License-Identifier: Apache-2.0
// The console against a real server at the end of a small city's day with one paper short.  Every
// page that the sources name is opened by whoever may see it, in both languages and at both sizes:
// a heading, no error, nothing beside the window's edge, no key in place of a word, nothing that
// axe calls serious.  A duty officer signs for an alarm by keyboard alone, and the ledger has it.
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { beginsInTrouble, troubles } from './trouble.mjs'
import { cli, cliJson, end, freePort, same, serve, test, turnTo, until } from './tap.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const source = process.env.GONGYUAN_SOURCE
const axe = readFileSync(join(here, 'node_modules/axe-core/axe.min.js'), 'utf8')
const folder = mkdtempSync(join(tmpdir(), 'console-')), data = join(folder, 'data')
const scenario = join(folder, 'day.json')
const ROOM = 'sc/cd/x01/s01/r02'

writeFileSync(scenario, JSON.stringify({
  id: 'small', zh: '一日', en: 'a day', profile: 'demo',
  city: { counties: 1, sites: 2, rooms: 3, seats: 30, days: 1 },
  inject: [{ id: 'one-short', case: 'C19', quote: 'complete script custody evidence',
    do: { change: { what: 'custody.count_bag', session: 'd1-maths', place: ROOM },
      plus: { used: -1 } },
    notice: { rule: 'custody.difference', place: ROOM, by: 'd1-maths E+1800' },
    also: [{ rule: 'custody.scripts_differ', place: ROOM },
      { rule: 'sitting.sheet_differs', place: ROOM }] }] }))

const port = freePort(), url = `http://127.0.0.1:${port}`
const server = await serve(data, port, '--play', scenario, '--speed', '14400')
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'] })

// ---- who looks ----

function people() {
  try {
    return cliJson('demo', 'users', '--data', data).users
  } catch {
    return [] // the drill has not made them yet
  }
}
const USERS = await until('people', async () => {
  const list = people()
  return list.length > 0 ? list : null
})
const passwordOf = (who) => USERS.find((u) => u.person === who).password
const codeOf = (who) => cli('demo', 'code', who, '--data', data).trim().split(/\s+/)[0]
const noise = [] // what the browser complains about

const logins = new Map() // a code counts once: who has logged in stays so

async function desk(who, size = { width: 1366, height: 768 }) {
  const context = await browser.newContext({ viewport: size, storageState: logins.get(who) })
  const page = await context.newPage()
  page.setDefaultTimeout(60000)
  page.on('pageerror', (e) => noise.push(`${page.url()}: ${e.message}`))
  page.on('console', (m) => m.type() === 'error' && noise.push(`${page.url()}: ${m.text()}`))
  if (who && !logins.has(who)) {
    const reply = await context.request.post(`${url}/api/v1/login`, {
      data: { person: who, password: passwordOf(who), code: codeOf(who) } })
    same(reply.status(), 200, who)
    logins.set(who, await context.storageState())
  }
  return page
}

const ask = async (page, path) => (await page.context().request.get(`${url}/api/v1/${path}`)).json()

// ---- the pages, as the sources name them ----

const group = join(source, 'web/console/src/pages')
const PATHS = readdirSync(group).map((name) => join(group, name, 'pages.ts')).filter(existsSync)
  .flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/path: '([^']+)'/g)])
  .map((m) => m[1].replace(/\/:\w+\?$/, '')).sort()
const unvisited = new Set(PATHS)
const whose = new Map() // path -> the first who saw it
const seen = new Set() // by axe

async function open(page, path) {
  await turnTo(page, `${url}/console/#${path}`)
}

let NAMES = [] // of places, the longest first: data, in whatever language
const KEY = /\b(app|menu|table|form|command|papers|sitting|audit|exam|system|desk|wall|login|report|health|profile)\.[a-z]\w+/

// All that is wrong with what is on the screen.
async function faults(page, english) {
  return page.evaluate(([key, en, names]) => {
    const found = []
    const root = document.scrollingElement
    if (document.querySelectorAll('h1').length !== 1) found.push('not one h1')
    if (root.scrollWidth > window.innerWidth + 1) found.push(`${root.scrollWidth} pixels wide`)
    const lost = new RegExp(key).exec(document.body.innerText)
    if (lost) found.push(`a key: ${lost[0]}`)
    const few = en && /\b1 (rows|entries|bags|copies|days|sites|steps|exceptions|records)\b/
      .exec(document.body.innerText)
    const many = en && /\b(0|[2-9]|\d{2,}) (row|entry|bag|copy|day|site|step|exception|record)\b/
      .exec(document.body.innerText)
    if (few || many) found.push(`how many: ${(few || many)[0]}`)
    for (const e of en ? document.querySelectorAll('button, label, h1, [role=columnheader]') : [])
      if (/^[a-z]/.test(e.innerText.trim()) && !e.closest('[data-typed], [role=radiogroup]'))
        found.push(`no capital: ${e.innerText.trim().slice(0, 30)}`)
    for (const e of en ? document.querySelectorAll('th, button, label, h1, [role=tab]') : [])
      if (/[一-鿿]/.test(names.reduce((t, n) => t.split(n).join(''), e.textContent)) &&
          !e.closest('[lang=zh-CN], [data-typed]')) // typed: data, in whatever language
        found.push(`Chinese: ${e.textContent.trim().slice(0, 30)}`)
    for (const e of document.querySelectorAll('body *'))
      if (e.childNodes.length && [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) &&
          e.offsetParent && parseFloat(getComputedStyle(e).fontSize) < 13.5 && e.tagName !== 'SMALL')
        found.push(`small: ${getComputedStyle(e).fontSize} ${e.textContent.trim().slice(0, 20)}`)
    return [...new Set(found)].slice(0, 6)
  }, [KEY.source, english, NAMES])
}

async function serious(page) {
  await page.evaluate(axe)
  return page.evaluate(async () => {
    const r = await window.axe.run(document, { resultTypes: ['violations'] })
    return r.violations.filter((v) => v.impact === 'serious' || v.impact === 'critical')
      .map((v) => `${v.id}: ${v.nodes[0].html.slice(0, 120)}`)
  })
}

async function look(page, path, who, english) {
  await open(page, path)
  const told = await page.evaluate(() => location.hash)
  if (told.includes('denied') || await page.$('[data-denied]')) return null
  unvisited.delete(path)
  if (!whose.has(path)) whose.set(path, who)
  const wrong = await faults(page, english)
  if (!english && !seen.has(path)) {
    seen.add(path)
    wrong.push(...await serious(page))
  }
  return wrong
}

const ROLES = ['CD1-D1', 'X01-O1', 'X01-K1', 'X01S01-A1', 'SC1-C1', 'SC1-B1', 'SC1-A1']

async function tour(who, english, size) {
  const page = await desk(who, size)
  await page.addInitScript((l) => localStorage.setItem('gongyuan.language', l),
    english ? 'en' : 'zh')
  const me = await ask(page, 'me'), wrong = []
  NAMES = (await ask(page, 'places')).items.map((p) => p.name).filter((n) => n)
    .sort((a, b) => b.length - a.length)
  for (const path of PATHS) {
    if (!english && seen.has(path) && !size) continue
    const found = await look(page, path, who, english)
    for (const f of found ?? []) wrong.push(`${who} ${path}: ${f}`)
  }
  same(me.code, who)
  await page.context().close()
  same(wrong, [], who)
}

// ---- the story ----

await test('whoever logs in by the form gets his desk, in Chinese first', async () => {
  const page = await desk(null)
  await page.goto(`${url}/console/`)
  await page.waitForSelector('form')
  same(await page.getAttribute('html', 'lang'), 'zh-CN')
  same((await serious(page)), [])
  const input = await page.$$('form input')
  await input[0].fill('CD1-D1')
  await input[1].fill(passwordOf('CD1-D1'))
  await input[2].fill(codeOf('CD1-D1'))
  await page.keyboard.press('Enter')
  await page.waitForSelector('h1:has-text("工作台")')
  same((await page.textContent('body')).includes('【演练】'), true)
  logins.set('CD1-D1', await page.context().storageState())
  await page.context().close()
})

// What a browser fetches of the pages' own files, as they go over the wire.
async function fetched(path) {
  const page = await desk('CD1-D1'), sizes = []
  page.on('response', (r) => r.url().includes('/assets/') &&
    sizes.push(r.request().sizes().then((s) => s.responseBodySize)))
  await open(page, path)
  const all = await Promise.all(sizes)
  await page.context().close()
  return all.reduce((a, b) => a + b, 0)
}

await test('whoever goes elsewhere while the first page is still read gets there', async () => {
  const page = await desk('CD1-D1')
  let asked, letGo
  const held = new Promise((done) => { letGo = done }), seen = new Promise((done) => { asked = done })
  await page.route('**/api/v1/me', async (r) => {
    asked()
    await held
    await r.continue()
  })
  await page.goto(`${url}/console/#/desk`)
  await seen
  await page.evaluate(() => { location.hash = '#/command/alarms' })
  letGo()
  await page.waitForFunction(() => document.querySelector('main h1'))
  same(new URL(page.url()).hash.split('?')[0], '#/command/alarms')
  await page.context().close()
})

await test('the first screen is at most 200 kB, gzipped', async () => {
  for (const path of ['/command', '/desk']) {
    const bytes = await fetched(path)
    if (bytes < 50000 || bytes > 200000) throw new Error(`${path}: ${bytes} bytes`)
  }
})

await test('the day is over and one paper is missing', async () => {
  const page = await desk('CD1-D1')
  await until('the alarm', async () => (await ask(page, 'alarm/alarms')).items
    .some((a) => a.rule === 'custody.difference' && a.place === ROOM))
  await page.context().close()
})

for (const who of ROLES)
  await test(`${who} sees his pages whole`, () => tour(who, false))

await test('each page was opened by somebody', async () => same([...unvisited], []))

await test('each page says so when nothing can be read, and when there is nothing', async () =>
  same(await troubles(whose, desk, url, noise), []))

await test('the window says so when not even who one is could be read', async () => {
  const page = await desk('CD1-D1')
  await beginsInTrouble(page, url, noise)
  await page.context().close()
})

await test('in English', () => tour('X01-O1', true))
await test('on the large screen', () => tour('CD1-D1', false, { width: 1920, height: 1080 }))

// ---- the day's report, the doctor, another profile ----

const said = (page, text) => page.waitForFunction((t) => document.body.innerText.includes(t), text)

await test('the report of the day says what happened, of another day nothing, elsewhere why not',
  async () => {
    const page = await desk('CD1-D1')
    await open(page, '/command/report')
    const told = await ask(page, 'day?place=sc/cd')
    same(told.papers.unbalanced.length, 1)
    await said(page, told.papers.unbalanced[0].bag)
    await page.fill('input[type=date]', '2024-01-01')
    await said(page, '当日无考试')
    await page.goto(`${url}/console/#/command/report?at=sc/other`)
    await page.waitForSelector('main [role=alert], .problem')
    await said(page, '不在授权范围内')
    await page.context().close()
  })

await test('a site is ready once a day, also when its second session is over', async () => {
  const page = await desk('X01-O1')
  await open(page, '/exam/readiness')
  await said(page, '2 个考点中 2 个项目齐全')
  same(await page.locator('main tbody tr').count(), 2, 'a line for each site')
  await page.getByRole('button', { name: '签认', exact: true }).first().click()
  const who = page.locator('.signatures input')
  await who.nth(1).waitFor()
  same([await who.nth(0).inputValue(), await who.nth(1).inputValue()], ['', 'X01-O1'],
    'the county signs for itself, not as the chief')
  await page.context().close()
})

await test('the doctor says what it found and what to do, and when it cannot', async () => {
  const page = await desk('SC1-A1')
  await open(page, '/system/doctor')
  await said(page, '密钥只有本用户可读')
  await said(page, 'gongyuan db doctor --compare')
  await page.route('**/api/v1/doctor', (r) => r.fulfill({ status: 403,
    contentType: 'application/problem+json',
    body: JSON.stringify({ zh: '今天不看', en: 'not today', article: '', errors: [] }) }))
  await page.click('main button')
  await page.waitForSelector('.problem')
  await said(page, '今天不看')
  await page.context().close()
})

await test('a number is changed with its source, kept, signed, and in force', async () => {
  const page = await desk('CD1-O1'), ID = 'custody.trip_silence_s'
  const value = async () => (await ask(page, 'profile/document')).profile.settings
    .find((x) => x.id === ID).value
  same(await value(), 600)
  await open(page, '/system/profiles')
  await page.fill('input[type=search]', ID)
  await page.click('.rows tbody button')
  await page.fill('input[id$=-value]', 'soon')
  await page.click('.row button[type=submit]')
  await said(page, '应为整数')
  await said(page, '必填：新数值依据哪份文件')
  same(await faults(page, false), [])
  await page.fill('input[id$=-value]', '900')
  await page.fill('input[id$=-source]', '虚构文件〔2025〕1号')
  await page.click('.row button[type=submit]')
  await said(page, '已改 1 处')
  await page.click('.bar button:has-text("核对")')
  await said(page, '核对无误，与现行配置有')
  same(await faults(page, false), [])
  same(await serious(page), [])
  await page.click('.bar button:has-text("存入待批")')
  await page.waitForSelector('.adopt form')
  same(await faults(page, false), [])
  same(await value(), 600) // kept is not in force
  await page.fill('.adopt textarea', '更正')
  await page.fill('.adopt input[id$=-who-0]', 'CD1-L1')
  await page.click('.adopt button[type=submit]')
  await until('the profile', async () => await value() === 900)
  await page.context().close()
})

// A stranger at a secrecy room, as the county tells it.
async function alarm() {
  const county = await desk('X01-O1')
  const { items } = await ask(county, 'custody/rooms')
  const reply = await county.context().request.post(
    `${url}/api/v1/commands/custody.report_stranger`,
    { data: { data: { place: items[0].place, persons: 1 } },
      headers: { 'Idempotency-Key': '01900000-0000-7000-8000-000000000001' } })
  same(reply.status(), 200, await reply.text())
  await county.context().close()
}

await test('an alarm is signed for by keyboard alone, and the ledger has it', async () => {
  await alarm()
  const page = await desk('CD1-D1')
  const mine = async () => (await ask(page, 'alarm/alarms')).items
    .filter((a) => a.ack_ms > 0 && a.ack_by).length
  const before = await mine()
  await open(page, '/command')
  await page.waitForSelector('.queue li')
  while (!await page.evaluate(() => document.activeElement.matches('.queue li')))
    await page.keyboard.press('Tab')
  await page.keyboard.press('s')
  await until('the signature', async () => (await mine()) > before)
  await page.context().close()
})

await test('nothing was refused to the pages that they ask for', async () =>
  same(noise.filter((n) => !/status of 40[134]/.test(n)).slice(0, 5), []))

await test('a lost server is said', async () => {
  const page = await desk('CD1-D1')
  await open(page, '/command')
  await until('the stream', async () => page.evaluate(() => /实时/.test(document.body.innerText)))
  await server.stop()
  await page.waitForSelector('[role=alert]')
  same((await page.textContent('[role=alert]')).includes('连接中断'), true)
})

await browser.close()
end()
