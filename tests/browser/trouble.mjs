// SPDX-License-Identifier: Apache-2.0
// Each page of the console when nothing can be read for it, and when there is nothing to read.  The
// person is logged in and the menu is there; then what the page itself asks is answered with an
// error, a refusal, or never.  It must say so in words, offer to try again, and be whole once it
// is answered.  With empty lists it must say that there is nothing: no page is ever blank.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { same } from './tap.mjs'

const TABS = 3 // at a time
const SAID = '虚构的故障，请重试'
const client = readFileSync(join(process.env.GONGYUAN_SOURCE, 'web/console/src/api/client.ts'),
  'utf8')
const ANSWER_MS = Number(/ANSWER_MS = ([\d_]+)/.exec(client)[1].replace(/_/g, ''))
const SHORT_MS = 200 // stands for ANSWER_MS where nothing is answered

// What is read once at the start, and the stream: the page's own questions are the others.
const isStart = (path) => /\/(me|catalogue|programme|places|events|login)$/.test(path)

// What an office is told that has no rows, no sessions, no papers.
const LISTS = ['items', 'sessions', 'balances', 'holdings']
function emptied(told) {
  const empty = LISTS.filter((name) => Array.isArray(told[name])).map((name) => [name, []])
  return empty.length ? { ...told, ...Object.fromEntries(empty), next: null } : null
}

const problem = (status) => ({ status, contentType: 'application/problem+json',
  body: JSON.stringify({ status, zh: SAID, en: 'a made-up failure', article: '', errors: [] }) })

const ANSWERS = {
  well: (route) => route.continue(),
  500: (route) => route.fulfill(problem(500)),
  403: (route) => route.fulfill(problem(403)),
  never: () => undefined,
  empty: async (route, tab) => {
    const reply = await route.fetch()
    if (!/json/.test(reply.headers()['content-type'] ?? '')) return route.fulfill({ response: reply })
    const json = emptied(await reply.json())
    tab.emptied ||= json !== null
    return route.fulfill(json ? { response: reply, json } : { response: reply })
  },
}

// The browser's own lines about our made-up answers are no complaint; whatever else it says is.
function hearkens(page, noise) {
  page.removeAllListeners('console')
  page.on('console', (m) => m.type() === 'error' && !/^Failed to load resource/.test(m.text()) &&
    noise.push(`${page.url()}: ${m.text()}`))
}

// A tab with a switch: how what its page asks is answered.
async function troubled(page, url, noise) {
  hearkens(page, noise)
  const tab = { page, url, how: 'well', asked: 0, emptied: false }
  await page.addInitScript(([long, short]) => {
    const wait = window.setTimeout.bind(window)
    window.setTimeout = (f, ms, ...more) =>
      wait(f, ms === long && window.isHurried ? short : ms, ...more)
  }, [ANSWER_MS, SHORT_MS])
  await page.route('**/api/v1/**', async (route) => {
    if (isStart(new URL(route.request().url()).pathname)) return route.continue()
    tab.asked++
    return ANSWERS[tab.how](route, tab)
  })
  await page.goto(`${url}/console/#/away`)
  await page.waitForSelector('h1')
  return tab
}

const isRead = () => !/正在读取/.test(document.body.innerText)

// The page anew, answered so; waits until it is no longer reading.
async function shown(tab, path, how) {
  await tab.page.evaluate(() => { location.hash = '#/away' })
  await tab.page.waitForSelector('h1:has-text("没有这一页")')
  tab.how = how
  tab.asked = 0
  tab.emptied = false
  await tab.page.evaluate(([to, hurried]) => {
    window.isHurried = hurried
    location.hash = `#${to}`
  }, [path, how === 'never'])
  await tab.page.waitForSelector('h1:not(:has-text("没有这一页"))')
  await tab.page.waitForFunction(isRead)
}

const AGAIN = '[role=alert] button:visible:has-text("重试")'

// What is wrong with how it says that nothing could be read.
async function saysFailure(tab, path, how) {
  await shown(tab, path, how)
  if (!tab.asked) return []
  const boxes = await tab.page.locator('.problem[role=alert]:visible').allInnerTexts()
  if (!boxes.length) return ['says nothing']
  if (await tab.page.locator('.nothing:visible').count()) return ['says that there is nothing']
  if ((await tab.page.locator('main').last().innerText()).includes('✓')) return ['says that all is well']
  const words = how === 'never' ? '服务器迟迟没有答复' : SAID
  return boxes.every((b) => b.includes(words) && b.includes('重试')) ? [] : [`says ${boxes}`]
}

async function recovers(tab) {
  tab.how = 'well'
  for (const button of await tab.page.$$(AGAIN)) // each once, however long its answer takes
    await button.click().catch(() => undefined) // gone: one question stood in two boxes
  return tab.page.waitForFunction(() => !document.querySelector('.problem'), null,
    { timeout: 15000 }).then(() => [], () => ['stays so when tried again'])
}

async function saysEmpty(tab, path) {
  await shown(tab, path, 'empty')
  const text = await tab.page.locator('main').last().innerText()
  const found = []
  if (await tab.page.locator('.problem:visible').count()) found.push('fails')
  if (/NaN|undefined|Invalid|null|Infinity/.test(text)) found.push(`says ${text.slice(0, 80)}`)
  if (tab.emptied && !await tab.page.locator('.nothing:visible').count())
    found.push('does not say that there is nothing')
  return found
}

// They are read by one function: each page is tried with one of them, and with both at length.
const refusals = (path) => process.env.GONGYUAN_FULL === '1' ? ['403', '500']
  : [path.length % 2 ? '403' : '500']

async function trial(tab, path) {
  const wrong = []
  for (const how of ['never', ...refusals(path)])
    wrong.push(...(await saysFailure(tab, path, how)).map((w) => `${path} ${how}: ${w}`))
  wrong.push(...(await recovers(tab)).map((w) => `${path}: ${w}`))
  wrong.push(...(await saysEmpty(tab, path)).map((w) => `${path} empty: ${w}`))
  return wrong
}

// `whose`: Map path -> who may see it; `desk(who)` a tab of his; `noise` what browsers complain of.
// -> what is wrong, page by page.
export async function troubles(whose, desk, url, noise) {
  const left = [...whose].sort((a, b) => (a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : 0))
  const wrong = []
  async function work() {
    let tab = null, who = ''
    for (let next = left.shift(); next; next = left.shift()) {
      if (who !== next[1]) {
        await tab?.page.context().close()
        who = next[1]
        tab = await troubled(await desk(who), url, noise)
      }
      wrong.push(...await trial(tab, next[0])
        .catch((e) => [`${next[0]} ${tab.how}: ${String(e.message).split('\n')[0]}`]))
    }
    await tab?.page.context().close()
  }
  await Promise.all(Array.from({ length: TABS }, work))
  return wrong
}

// The very first question fails: the window says so, and goes on when asked to.
export async function beginsInTrouble(page, url, noise) {
  hearkens(page, noise)
  await page.route('**/api/v1/me', (route) => route.fulfill(problem(500)))
  await page.goto(`${url}/console/#/desk`)
  await page.waitForSelector('.problem')
  same((await page.textContent('.problem')).includes(SAID), true)
  await page.unroute('**/api/v1/me')
  await page.click(AGAIN)
  await page.waitForSelector('h1:has-text("工作台")')
}
