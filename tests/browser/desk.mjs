// SPDX-License-Identifier: Apache-2.0
// A terminal of the demonstration county, for the tests of the onsite pages: the folder as it is
// on the first morning before bags are issued, a browser with a profile of its own, hands and guns.
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { cli, cliJson } from './tap.mjs'

export const SITE = 'sc/cd/jn/s01'
export const SESSION = 'd1-chinese'
export const STORE = 'sc/cd/jn/store'
const OTHER = 'sc/cd/jn/s02'

const list = (data, type) =>
  cliJson('ledger', 'list', '--data', data, '--type', type, '--limit', '9999').entries

export const entry = (data, index) => cliJson('ledger', 'show', String(index), '--data', data)
export const entriesOf = (data, type) => list(data, type).map((e) => entry(data, e.index).entry)

// The whole story once, to see who is to get which bag; then again up to there.
export function morning(folder) {
  const whole = join(folder, 'whole'), data = join(folder, 'data')
  cli('demo', '--data', whole)
  const all = list(whole, 'custody.bag_issued'), first = all[0]
  const at = (place) => all.filter((e) => e.place === place && e.time.startsWith('2025-06-07'))
    .filter((e) => e.time < '2025-06-07T12').map((e) => entry(whole, e.index).entry)
  const issues = at(SITE).map((e) => ({ bag: e.data.bag, room: e.data.room,
    people: e.slots.map((s) => s.person) }))
  const foreign = at(OTHER)[0].data.bag
  cli('demo', '--data', data, '--events', String(first.index))
  cli('arrange', 'plan-rooms', '--data', data, '--place', SITE, '--session', SESSION, '--as',
    'P0010', '--at', at(SITE)[0].time, '--rooms', JSON.stringify(issues.map((i) => (
      { room: i.room, seats: 30, kind: 'normal' }))))
  return { data, issues, foreign }
}

export function enrol(data, key, place) {
  cli('device', 'enroll', '--data', data, '--key', key, '--place', place, '--as', 'P0001', '--slot',
    'enroller=badge:P0001', '--slot', 'approver=badge:P0002')
}

export function pins(data, place, ...codes) {
  const told = cliJson('badge', 'issue', place, ...codes, '--data', data).pins
  return Object.fromEntries(told.map((p) => [p.badge, p]))
}

export async function open(folder, url, profile = 'profile') {
  const browser = await chromium.launchPersistentContext(join(folder, profile), {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'], viewport: { width: 1366, height: 768 } })
  const page = browser.pages()[0]
  page.setDefaultTimeout(60000)
  await page.goto(url)
  return { browser, page }
}

// Until he stands there.  A server that was too busy to answer is asked again, as its user would.
export async function badgeIn(page, code, pin) {
  for (let i = 0; ; i++) {
    await page.fill('[name=badge]', code)
    await page.fill('[name=pin]', pin)
    await page.press('[name=pin]', 'Enter')
    const told = await Promise.race([
      page.waitForSelector(`.people button[aria-pressed]:has-text("${code}")`).then(() => ''),
      page.waitForSelector('.badge-in [role=alert]').then((e) => e.textContent()),
    ])
    if (!told) return
    if (i === 2 || !/连不上/.test(told)) throw new Error(`${code}: ${told}`)
  }
}

// Keys with the times that a gun (or a hand) gives them, however slow this machine is, into the scan
// box or wherever the focus is.
async function keys(page, text, gapMs, at = '[data-scan]') {
  const line = await page.context().newCDPSession(page)
  let ms = Date.now() / 1000
  const press = async (name, code, key) => {
    ms += gapMs / 1000
    await line.send('Input.dispatchKeyEvent', { type: 'keyDown', key, code, timestamp: ms,
      ...(name ? { text: name } : { text: '\r', windowsVirtualKeyCode: 13 }) })
    await line.send('Input.dispatchKeyEvent', { type: 'keyUp', key, code, timestamp: ms })
  }
  if (at) await page.focus(at)
  for (const c of text)
    await press(c, /\d/.test(c) ? `Digit${c}` : c === '-' ? 'Minus' : `Key${c}`, c)
  await press('', 'Enter', 'Enter')
  await line.detach()
}
export const gun = (page, text) => keys(page, text, 4)
export const gunAt = (page, text) => keys(page, text, 4, null)
export const hand = (page, text) => keys(page, text, 160)
