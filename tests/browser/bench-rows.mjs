// SPDX-License-Identifier: Apache-2.0
// Long lists of the console, measured (tools/browser-bench --rows N): a made-up city of N candidates,
// whose list and whose seats the city's office opens, narrows to a place, and scrolls.  Not a test:
// it prints medians beside their goals, and exits 1 when one is missed.
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { middle, missed, part, storageOf, told } from './bench-tell.mjs'
import { cliJson, freePort, serve, until } from './tap.mjs'

const LOADS = 5, PLACES = 12, SCROLLS = 12
const ROOMS = 28, SEATS = 30, COUNTIES = 6
const wanted = Number(process.argv[2])
const sites = Math.max(1, Math.ceil(wanted / (ROOMS * SEATS)))
// As few sites too many as may be, over at most so many counties.
const over = (n) => n * Math.ceil(sites / n) - sites
const counties = Array.from({ length: COUNTIES }, (_, i) => COUNTIES - i)
  .reduce((best, n) => (over(n) < over(best) ? n : best))
const folder = mkdtempSync(join(tmpdir(), 'rows-')), data = join(folder, 'data')
writeFileSync(join(folder, 'day.json'), JSON.stringify({ id: 'rows', zh: '长名单', en: 'long lists',
  profile: 'gaokao-2025', city: { counties, sites: Math.ceil(sites / counties), rooms: ROOMS,
    seats: SEATS, days: 1 } }))

const port = freePort(), url = `http://127.0.0.1:${port}`
const server = await serve(data, port, '--play', join(folder, 'day.json'), '--speed', '1')
const user = await until('people', () => {
  try {
    return cliJson('demo', 'users', '--data', data).users.find((u) => u.person === 'CD1-O1')
  } catch {
    return null // the city is not there yet
  }
}, 600000)
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'] })
const storageState = await storageOf(browser, url, data, user)

const alone = await browser.newContext({ storageState })
async function get(path) {
  const begun = performance.now(), reply = await alone.request.get(`${url}/api/v1/${path}`)
  return { ms: performance.now() - begun, ...(await reply.json()) }
}

// The page can be used: rows are drawn, of this place, and nothing is being read.  In the page.
const READY = `window.__ready = (name) => {
  const main = document.querySelector('main')
  const row = main?.querySelector('.lines > .line')
  return main?.querySelector('h1') && row?.textContent.includes(name) &&
    !/正在读取|Reading …/.test(main.textContent)
}
window.__when = (name, begun) => new Promise((done) => {
  const look = () => window.__ready(name) ? done(performance.now() - begun)
    : requestAnimationFrame(look)
  look()
})
window.__longest = 0
new PerformanceObserver((l) => l.getEntries().forEach((e) => {
  window.__longest = Math.max(window.__longest, e.duration)
})).observe({ entryTypes: ['longtask'] })`

async function open(hash, name) {
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, storageState })
  const page = await context.newPage()
  await page.addInitScript(READY)
  await page.goto(`${url}/console/#${hash}`)
  return { page, ms: await page.evaluate((n) => window.__when(n, 0), name) }
}

const narrowed = (page, hash, name) => page.evaluate(([h, n]) => {
  const begun = performance.now()
  location.hash = h
  return window.__when(n, begun)
}, [hash, name])

// Six hundred rows a second, until more have been read; what is waited for at the end, 0 when they
// come before it is reached, and the frames meanwhile.
const scrolled = (page) => page.evaluate(() => new Promise((done) => {
  const box = document.querySelector('main .rowlist')
  const before = box.scrollHeight, frames = []
  let last = performance.now(), end = 0
  const step = (now) => {
    frames.push(now - last)
    last = now
    if (box.scrollHeight > before) {
      done({ ms: end && now - end, frames })
      return
    }
    if (box.scrollTop + box.clientHeight < before - 2) box.scrollTop += 360 // ten rows
    else end = end || now
    requestAnimationFrame(step)
  }
  requestAnimationFrame(step)
}))

// What this machine makes of the same scrolling where there is next to nothing to do: as many plain
// elements, written without a framework.  Frames of a list are to be judged beside it.
const CONTROL = `<body style="font: 14px sans-serif">
<div id="box" style="height: 530px; overflow: auto">
<div id="all" style="position: relative"></div></div>
<script>
  const live = new Map(), style = 'position: absolute; display: flex; height: 36px; top: '
  all.style.height = '360000px'
  box.onscroll = () => {
    const from = Math.max(0, Math.floor(box.scrollTop / 36) - 8)
    for (const [n, e] of live)
      if (n < from || n > from + 30) { e.remove(); live.delete(n) }
    for (let n = from; n <= from + 30; n++) {
      if (live.has(n)) continue
      const row = document.createElement('div')
      row.style.cssText = style + n * 36 + 'px'
      row.innerHTML = ('<div style="width: 140px">第' + n + '考场</div>').repeat(8)
      live.set(n, all.appendChild(row))
    }
  }
  box.onscroll()
</script>`
async function control() {
  const page = await browser.newPage({ viewport: { width: 1366, height: 768 } })
  await page.setContent(CONTROL)
  const frames = await page.evaluate(() => new Promise((done) => {
    const frames = []
    let last = performance.now()
    const step = (now) => {
      frames.push(now - last)
      last = now
      document.getElementById('box').scrollTop += 360
      if (frames.length < 300) requestAnimationFrame(step)
      else done(frames)
    }
    requestAnimationFrame(step)
  }))
  await page.close()
  return part(frames, 0.95).toFixed(1)
}

// ---- the lists ----

const places = (await get('places')).items
const named = (level, more) => places.filter((p) => p.level === level && p.name &&
  p.path.startsWith('sc/cd/x') && more(p)).map((p) => ({ at: p.path, name: p.name }))
const LISTS = [
  { what: 'candidates', view: 'exam/candidates', hash: '/exam/candidates?at=sc/cd',
    places: named(3, () => true) },
  { what: 'seats', view: 'arrange/seats', hash: '/command/rows?view=arrange/seats&at=sc/cd',
    places: named(4, (p) => /\/s\d+$/.test(p.path)) },
]
for (const list of LISTS) {
  const { total } = await get(`${list.view}?total=1&limit=1`)
  console.log(`${list.what}: ${total} rows, ${list.places.length} places`)
  const loads = []
  for (let i = 0; i < LOADS; i++) {
    const { page, ms } = await open(list.hash, '')
    loads.push(ms)
    await page.context().close()
  }
  told(`${list.what}, usable, nothing cached, middle of ${LOADS}`, Math.round(middle(loads)), 1000,
    'ms')
  const { page } = await open(list.hash, '')
  const waits = [], asked = []
  for (let i = 0; i < PLACES; i++) {
    const to = list.places[(i * 7 + 3) % list.places.length]
    await page.evaluate((h) => { location.hash = h }, list.hash)
    await page.waitForFunction((n) => document.querySelector('main .lines > .line') &&
      !window.__ready(n), to.name).catch(() => null)
    waits.push(await narrowed(page, list.hash.replace('at=sc/cd', `at=${to.at}`), to.name))
    asked.push((await get(`${list.view}?place=${to.at}&limit=200&total=1`)).ms)
  }
  told(`${list.what} of a place, middle of ${PLACES}`, Math.round(middle(waits)), 300, 'ms')
  console.log(`  of which the server, asked alone, its total counted: ${middle(asked).toFixed(1)} ms`)
  await page.evaluate((h) => { location.hash = h }, list.hash)
  await page.waitForFunction(() => window.__ready(''))
  const more = [], frames = []
  await page.evaluate(() => { window.__longest = 0 })
  const times = Math.min(SCROLLS, Math.floor((total - 200) / 1000))
  for (let i = 0; i < times; i++) {
    const got = await scrolled(page)
    more.push(got.ms)
    frames.push(...got.frames)
  }
  if (times) {
    told(`${list.what}, waited for at the end of a thousand, middle of ${times}`,
      Math.round(middle(more)), 300, 'ms')
    told(`${list.what}, frame while scrolled, p95`, Number(part(frames, 0.95).toFixed(1)), 33, 'ms')
    console.log(`  of plain elements scrolled alike, p95: ${await control()} ms`)
    told(`${list.what}, longest task while scrolled`,
      Math.round(await page.evaluate(() => window.__longest)), 200, 'ms')
  }
  await page.context().close()
}

await browser.close()
await server.stop()
process.exit(missed.length ? 1 : 0)
