// SPDX-License-Identifier: Apache-2.0
// Every number of the duty desk and of the duty room's wall is clicked down to the event that made
// it.  In the middle of a small city's day: what looks like a figure must be a link; a count leads
// to as many rows, a sum to rows whose column makes it; and one row of each opens its entry, with
// a proof of it.
import { found, peopled, SHORT } from './small-city.mjs'
import { cli, cliJson, end, same, serve, test, until } from './tap.mjs'

const city = await found('numbers')
const { browser, data, url } = city
const server = await serve(data, city.port, '--play', city.scenario, '--speed', '14400')
await peopled(city)

async function login(who) {
  const user = cliJson('demo', 'users', '--data', data).users.find((u) => u.person === who)
  const code = cli('demo', 'code', who, '--data', data).trim().split(/\s+/)[0]
  const context = await browser.newContext({ viewport: { width: 1920, height: 1080 } })
  const reply = await context.request.post(`${url}/api/v1/login`, {
    data: { person: who, password: user.password, code } })
  same(reply.status(), 200, who)
  const page = await context.newPage()
  page.setDefaultTimeout(60000)
  return page
}
const ask = async (page, path) => (await page.context().request.get(`${url}/api/v1/${path}`)).json()

async function open(page, hash) {
  await page.goto('about:blank') // a hash alone would not load the page anew
  await page.goto(`${url}/console/${hash}`)
  await page.waitForSelector('h1')
  await page.waitForFunction(() => !/正在读取|Reading …/.test(document.body.innerText))
}

// Figures that are no link, and the links: what each counts.
const numbers = (page) => page.evaluate(() => {
  const unlinked = [], links = new Map()
  const figure = /^[+（(]?\d[\d.,:/–-]*\s*(袋|份|bags|copies|天|days)?[）)]?$/
  for (const e of document.querySelectorAll('main *')) {
    const own = [...e.childNodes].filter((n) => n.nodeType === 3).map((n) => n.data.trim()).join('')
    const isNumber = figure.test(own) || (e.matches('.number') && /\d/.test(e.textContent))
    const link = e.closest('a[href]')
    if (isNumber && !link && !e.querySelector('a[href]')) unlinked.push(e.outerHTML.slice(0, 120))
    if (isNumber && link) links.set(link.getAttribute('href'), { href: link.getAttribute('href'),
      n: link.dataset.n === undefined ? null : Number(link.dataset.n), sum: link.dataset.sum ?? '' })
  }
  return { unlinked, links: [...links.values()] }
})

// The rows that a link leads to, and what they make.
async function follow(page, link) {
  await open(page, link.href)
  if (link.sum) {
    await page.waitForSelector('[data-total]')
    return Number(await page.textContent('[data-total]'))
  }
  const told = await page.textContent('.find > p')
  return Number(/\d+/.exec(told)[0])
}

async function entryOf(page) {
  const cell = page.locator('.lines > .line a[href*="entry:"]').last()
  await cell.waitFor()
  await cell.click()
  await page.waitForSelector('.entry h2')
  const told = Number(/#(\d+)/.exec(await page.textContent('.entry h2'))[1])
  const entry = await ask(page, `ledger/entries/${told}`)
  same(entry.index, told)
  same((await page.context().request.get(`${url}/api/v1/receipts/${told}/${entry.leaf}`)).status(),
    200, `entry ${told} can be proved`)
}

async function walk(page, hash, least) {
  await open(page, hash)
  await page.waitForSelector('main .grid td a')
  await page.waitForSelector('main .papers a')
  if (hash === '#/command') await page.waitForSelector('main .zeros a')
  const { unlinked, links } = await numbers(page)
  same(unlinked, [], `${hash}: numbers that lead nowhere`)
  const counted = links.filter((x) => x.n !== null)
  if (counted.length < least) throw new Error(`${hash}: only ${counted.length} numbers`)
  const kinds = new Set()
  for (const link of counted) {
    const kind = link.href.replace(/sc%2F[^&]*|sc\/[^&]*/g, '') + link.sum
    if (kinds.has(kind)) continue // of one kind and another site: the first
    kinds.add(kind)
    same(await follow(page, link), link.n, link.href)
    if (link.n > 0) await entryOf(page)
  }
}

let page
await test('the day is over, one paper is missing', async () => {
  page = await login('CD1-D1')
  await until('the alarm', async () => (await ask(page, 'alarm/alarms')).items
    .some((a) => a.rule === 'custody.difference' && a.place === SHORT))
  await until('quiet', async () => {
    const before = (await ask(page, 'alarm/alarms?limit=1')).size
    await new Promise((done) => setTimeout(done, 1500))
    return (await ask(page, 'alarm/alarms?limit=1')).size === before
  })
})
await test('every number of the duty desk leads to its rows, and they to their entries',
  () => walk(page, '#/command', 12))
await test('and every number of the duty room\'s wall', () => walk(page, '#/wall/duty', 10))
await test('the times of the session lead to the entry that put them in force', async () => {
  await open(page, '#/exam/programme')
  await page.click('main a[href*="entry:"]')
  await page.waitForSelector('.entry h2')
})

await browser.close()
await server.stop()
end()
