// SPDX-License-Identifier: Apache-2.0
// Pictures of the main pages for docs/screens, of the made-up sample city from the first session of
// its day on.  Called by tools/screens.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { cli, cliJson, freePort, serve, until } from './tap.mjs'

const [to] = process.argv.slice(2)
const data = join(mkdtempSync(join(tmpdir(), 'screens-')), 'data')
const scenario = join(process.env.GONGYUAN_SOURCE, 'scenarios/sample-day.json')
const UNTIL = '2025-06-07T01:05' // five minutes into the first session

// Page, who looks, language, size.
const PICTURES = [
  ['duty-desk', '/command', 'CD1-D1', 'zh', [1366, 768]],
  ['duty-desk-en', '/command', 'CD1-D1', 'en', [1366, 768]],
  ['wall', '/wall', 'CD1-D1', 'zh', [1920, 1080]],
  ['site-day', '/sitting/day', 'X01S01-A1', 'zh', [1366, 768]],
  ['secrecy-rooms', '/papers/rooms', 'X01-O1', 'zh', [1366, 768]],
  ['reconcile', '/papers/reconcile', 'X01-O1', 'zh', [1366, 768]],
  ['readiness', '/exam/readiness', 'X01-O1', 'zh', [1366, 768]],
  ['ledger', '/audit/ledger', 'SC1-C1', 'zh', [1366, 768]],
]

const port = freePort(), url = `http://127.0.0.1:${port}`
const server = await serve(data, port, '--play', scenario, '--speed', '1200')
const users = await until('people', () => {
  try {
    return cliJson('demo', 'users', '--data', data).users
  } catch {
    return null // the day has not begun
  }
})
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'] })
const logins = new Map()

async function log_in(who) {
  const context = await browser.newContext()
  const code = cli('demo', 'code', who, '--data', data).trim().split(/\s+/)[0]
  const password = users.find((u) => u.person === who).password
  const reply = await context.request.post(`${url}/api/v1/login`, {
    data: { person: who, password, code } })
  if (reply.status() !== 200) throw new Error(`${who}: ${await reply.text()}`)
  logins.set(who, await context.storageState())
  return context
}

const first = await log_in('CD1-D1')
await until('the session', async () =>
  (await (await first.request.get(`${url}/api/v1/me`)).json()).now >= UNTIL)
for (const [name, path, who, lang, [width, height]] of PICTURES) {
  if (!logins.has(who)) await log_in(who)
  const context = await browser.newContext({ viewport: { width, height },
    storageState: logins.get(who) })
  const page = await context.newPage()
  await page.addInitScript((l) => localStorage.setItem('gongyuan.language', l), lang)
  await page.goto(`${url}/console/#${path}`)
  await page.waitForSelector('h1')
  await page.waitForFunction(() => !/正在读取|Reading …/.test(document.body.innerText))
  await page.evaluate(() => new Promise((done) => setTimeout(done, 1500))) // numbers come
  await page.screenshot({ path: join(to, `${name}.png`) })
  await context.close()
}
await browser.close()
await server.stop()
