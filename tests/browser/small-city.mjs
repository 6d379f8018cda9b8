// SPDX-License-Identifier: Apache-2.0
// The small city of the console's tests: one county, two sites of three rooms, one day with one
// paper short in the afternoon.  It lives fast up to a moment and then by the clock, so that hands
// have time; people log in, open pages, fill in forms as they are labelled, and what was recorded
// is read back.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { cli, cliJson, freePort, same, serve, turnTo, until } from './tap.mjs'

export const COUNTY = 'sc/cd/x01'
export const SITE = `${COUNTY}/s01`
export const STORE = `${COUNTY}/store`
export const SHORT = `${SITE}/r02` // the room where the paper is missing
const WAIT_MS = Number(process.env.BROWSER_WAIT_MS ?? 90000)
const FAST = '14400' // four hours a second
const PATROL_MS = 1800000
const DAY = {
  id: 'small', zh: '一日', en: 'a day', profile: 'demo',
  city: { counties: 1, sites: 2, rooms: 3, seats: 30, days: 1 },
  inject: [{ id: 'one-short', case: 'C19', quote: 'complete script custody evidence',
    do: { change: { what: 'custody.count_bag', session: 'd1-maths', place: SHORT },
      plus: { used: -1 } },
    notice: { rule: 'custody.difference', place: SHORT, by: 'd1-maths E+1800' },
    also: [{ rule: 'custody.scripts_differ', place: SHORT },
      { rule: 'sitting.sheet_differs', place: SHORT }] }] }

export async function found(name) {
  const folder = mkdtempSync(join(tmpdir(), `${name}-`)), scenario = join(folder, 'day.json')
  writeFileSync(scenario, JSON.stringify(DAY))
  const port = freePort()
  const city = { folder, data: join(folder, 'data'), port, url: `http://127.0.0.1:${port}`,
    scenario, noise: [], logins: new Map(), server: null }
  city.browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'] })
  return city
}

function isFounded(city) {
  try {
    return cliJson('demo', 'users', '--data', city.data).users.length > 0
  } catch {
    return false // not yet
  }
}

// Who may log in is known some moments after the server is there.
export const peopled = (city) => until('people', async () => isFounded(city))

// Past "2025-06-07T00:20" (UTC), and on by the clock.  A drill's moment is that of its newest entry:
// it is sure to have come when the next half hour is over, within which somebody patrols.
export async function live(city, moment) {
  const until_ms = Date.parse(`${moment}:00Z`) + PATROL_MS
  await city.server?.stop()
  city.server = await serve(city.data, city.port, '--play', city.scenario, '--speed', FAST,
    '--until', new Date(until_ms).toISOString())
  const told = async () => (await fetch(`${city.url}/api/v1/terminal`)).json()
  await until(`the city at ${moment}`, async () => (await told()).now >= moment)
  await peopled(city)
}

// From where it stands on, nothing happens but what is done.
export async function still(city) {
  await city.server.stop()
  city.server = await serve(city.data, city.port)
}

// ---- who ----

const PASSWORD = 'made up for a test only'

function secretsOf(city, who) {
  const known = cliJson('demo', 'users', '--data', city.data).users.find((u) => u.person === who)
  if (known) {
    return { password: known.password,
      code: cli('demo', 'code', who, '--data', city.data).trim().split(/\s+/)[0] }
  }
  execFileSync(process.env.GONGYUAN_BIN, ['login', 'set', who, '--data', city.data],
    { input: `${PASSWORD}\n`, stdio: ['pipe', 'ignore', 'pipe'] })
  return { password: PASSWORD,
    code: cliJson('login', 'code', who, '--data', city.data).code }
}

// A window of somebody who has logged in; a code counts once, so who has logged in stays so.
export async function desk(city, who) {
  const context = await city.browser.newContext({ viewport: { width: 1366, height: 768 },
    storageState: city.logins.get(who) })
  if (!city.logins.has(who)) {
    const { password, code } = secretsOf(city, who)
    const reply = await context.request.post(`${city.url}/api/v1/login`,
      { data: { person: who, password, code } })
    same(reply.status(), 200, `${who}: ${await reply.text()}`)
    city.logins.set(who, await context.storageState())
  }
  const page = await context.newPage()
  page.setDefaultTimeout(WAIT_MS)
  page.on('pageerror', (e) => city.noise.push(`${page.url()}: ${e.message}`))
  page.on('console', (m) => m.type() === 'error' && city.noise.push(`${page.url()}: ${m.text()}`))
  page.city = city
  return page
}

export async function go(page, path) {
  await turnTo(page, `${page.city.url}/console/#${path}`)
}

// The day's PIN of each badge.
export function pins(city, place, ...codes) {
  const list = cliJson('badge', 'issue', place, ...codes, '--data', city.data).pins
  return Object.fromEntries(list.map((p) => [p.badge, p.pin]))
}

// What the pages complain of, for the message of a test that failed; with BROWSER_PICTURES=DIR a
// picture of each window.
export async function complaints(city) {
  const said = []
  let n = 0
  for (const page of city.browser.contexts().flatMap((c) => c.pages())) {
    if (process.env.BROWSER_PICTURES)
      await page.screenshot({
        path: join(process.env.BROWSER_PICTURES, `${Date.now()}-${n++}.png`) })
    said.push(...await page.locator('[role=alert]:visible, .error:visible').allTextContents())
  }
  return said.map((t) => t.trim())
}

// ---- what was recorded ----

export async function ask(page, path) {
  const reply = await page.context().request.get(`${page.city.url}/api/v1/${path}`)
  same(reply.status(), 200, path)
  return reply.json()
}
export const rows = async (page, path) => (await ask(page, path)).items

// The newest entry of a type, as the ledger holds it.
export function newest(city, type) {
  const list = cliJson('ledger', 'list', '--data', city.data, '--type', type, '--limit', '9999')
  const last = list.entries[list.entries.length - 1]
  return last && cliJson('ledger', 'show', String(last.index), '--data', city.data).entry
}

// What stands on things of paper (a seal, a label), as it was registered: the data of all entries of
// a type that fit.
export function fromPaper(city, type, fits) {
  const list = cliJson('ledger', 'list', '--data', city.data, '--type', type, '--limit', '9999')
  return list.entries
    .map((e) => cliJson('ledger', 'show', String(e.index), '--data', city.data).entry.data)
    .filter(fits)
}

// Waits for an entry of that type by that person, later than the ledger was when `act` began.
export async function recorded(city, type, act) {
  const before = newest(city, type)?.idx ?? -1
  await act()
  return until(`an entry ${type}`, async () => {
    const e = newest(city, type)
    return e && e.idx > before ? e : null
  }, WAIT_MS).catch(async (e) => {
    throw new Error(`${e.message}; the pages say ${JSON.stringify(await complaints(city))}`)
  })
}

// ---- hands ----

const begins = (label) => new RegExp(`^\\s*${label}`)

// The fields of a form by their labels; a place is found by its name, a choice by its word.
export async function fill(form, fields) {
  for (const [label, value] of Object.entries(fields)) {
    const input = form.getByLabel(begins(label)).first()
    await input.waitFor()
    const kind = await input.evaluate((e) => e.getAttribute('role') ?? e.tagName)
    if (kind === 'combobox') await choosePlace(form.page(), input, value)
    else if (kind === 'SELECT') await input.selectOption({ label: value })
    else if (kind === 'radiogroup') await input.getByLabel(value, { exact: true }).check()
    else await input.fill(value)
  }
}

async function choosePlace(page, input, name) {
  await input.click()
  await page.keyboard.type(name)
  await node(page, name).click()
}
const node = (page, name) =>
  page.locator('.el-select-dropdown:visible .el-tree-node:not(.is-hidden)')
    .getByText(name, { exact: true }).first()

// The place that everything on the screen is about; its tree opens itself.
export async function scopeTo(page, name) {
  await page.locator('header .scope > button').click()
  await page.locator('.el-select-dropdown:visible').waitFor()
  await page.locator('header .scope input').fill(name)
  await node(page, name).click()
}

// Signs a slot: `at` counts the form's signatures.
export async function sign(form, at, person, how = '纸质签名', note = '') {
  const row = form.locator('.signatures .row').nth(at)
  await row.locator('input').first().fill(person)
  const select = row.locator('select')
  const word = (await select.locator('option').allTextContents()).find((o) => o.startsWith(how))
  await select.selectOption({ label: word })
  if (note) await row.locator('input').nth(1).fill(note)
}

// A row of a table by what it says, and what may be done with it.
export const row = (page, text) => page.locator('.lines > .line', { hasText: text })
// What it says under a heading; the table may only just be there.
export async function under(page, text, heading) {
  const heads = page.locator('.rowlist .heads [role=columnheader]')
  let at = -1
  await until(`a heading ${heading}`, async () =>
    (at = (await heads.allTextContents()).findIndex((h) => h.trim() === heading)) >= 0)
  return (await row(page, text).first().locator('[role=cell]').nth(at).textContent()).trim()
}
export async function act(page, text, name) {
  await row(page, text).first().getByRole('button', { name }).click()
}

// In the queue of somebody's duty desk, by itself.
export async function queued(page, ...texts) {
  await go(page, '/command')
  let line = page.locator('.queue li')
  for (const hasText of texts) line = line.filter({ hasText })
  await line.first().waitFor()
  return line.first()
}

export const send = (form) => form.locator('button[type=submit]').last().click()

// By keyboard to the first element that `is` says.
export async function tabTo(page, is) {
  for (let i = 0; i < 80; i++) {
    if (await page.evaluate(`(${is})(document.activeElement)`)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`not reached by keyboard: ${is}`)
}
