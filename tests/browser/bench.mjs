// SPDX-License-Identifier: Apache-2.0
// The command page under load, measured (tools/browser-bench): how soon it can be used, how long its
// frames and tasks are while events come, and whether its heap grows.  Not a test: it prints
// figures beside their goals, and exits 1 when one is missed.
import { fork } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { middle, missed, storageOf, told } from './bench-tell.mjs'
import { cli, cliJson, freePort, serve, until } from './tap.mjs'

const LOADS = 5, FRAMES_S = 60
const [minutes, perSecond] = process.argv.slice(2).map(Number)
const data = join(mkdtempSync(join(tmpdir(), 'bench-')), 'data')
const port = freePort(), url = `http://127.0.0.1:${port}`
const server = await serve(data, port, '--play',
  join(process.env.GONGYUAN_SOURCE, 'scenarios/sample-day.json'), '--speed', '10')
const users = await until('people', () => {
  try {
    return cliJson('demo', 'users', '--data', data).users
  } catch {
    return null // the city is not there yet
  }
})
const wait = (s) => new Promise((done) => setTimeout(done, s * 1000))

async function login(who) {
  const reply = await fetch(`${url}/api/v1/login`, { method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ person: who, password: users.find((u) => u.person === who).password,
      code: cli('demo', 'code', who, '--data', data).trim().split(/\s+/)[0] }) })
  return (await reply.json()).token
}

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'] })

// When the duty desk has its heading and its four parts, and nothing is still being read.
const WATCH = `
  window.__events = 0
  const Real = window.EventSource
  window.EventSource = class extends Real {
    constructor(...a) {
      super(...a)
      this.addEventListener('counters', () => window.__events++)
    }
  }
  new MutationObserver((_, o) => {
    const main = document.querySelector('main')
    if (!main?.querySelector('h1') || main.querySelectorAll('section').length < 4 ||
        /正在读取|Reading …/.test(main.textContent)) return // (innerText would lay the page out)
    window.__usable = performance.now()
    o.disconnect()
  }).observe(document, { childList: true, subtree: true, characterData: true })`

const storageState = await storageOf(browser, url, data, users.find((u) => u.person === 'CD1-D1'))

// Of the page's main thread until it can be used, in ms: by its own clock, which other work on the
// machine lengthens less than the wall's.
const PARTS = { task: 'TaskDuration', script: 'ScriptDuration', layout: 'LayoutDuration' }
const loads = [], busy = { task: [], script: [], layout: [] }
let bytes = 0 // of the pages' own files, as they come over the wire
async function desk() {
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, storageState })
  const page = await context.newPage()
  await page.addInitScript(WATCH)
  const cdp = await context.newCDPSession(page)
  await cdp.send('Performance.enable')
  const sizes = []
  page.on('response', (r) => r.url().includes('/assets/') &&
    sizes.push(r.request().sizes().then((s) => s.responseBodySize)))
  await page.goto(`${url}/console/#/command`)
  await page.waitForFunction(() => window.__usable)
  const { metrics } = await cdp.send('Performance.getMetrics')
  for (const [name, metric] of Object.entries(PARTS))
    busy[name].push(Math.round(metrics.find((m) => m.name === metric).value * 1000))
  bytes = (await Promise.all(sizes)).reduce((a, b) => a + b, 0)
  return page
}

for (let i = 0; i < LOADS; i++) {
  const page = await desk()
  loads.push(Math.round(await page.evaluate('window.__usable')))
  await page.context().close()
}
console.log(`loads, nothing cached: ${loads.join(', ')} ms; main thread`,
  Object.entries(busy).map(([name, l]) => `${name} ${middle(l)}`).join(', '), 'ms')
told('first screen, gzipped', Math.round(bytes / 1000), 200, 'kB')
told('usable, the middle one', middle(loads), 1000, 'ms')

// ---- frames, with events ----

const load = fork(new URL('bench-load.mjs', import.meta.url).pathname,
  [url, await login('X01S01-C1'), String(perSecond)])
let given = 0
load.on('message', (n) => { given = n })
const page = await desk()
await until('events', () => given > 0)
const before = given
const got = await page.evaluate((seconds) => new Promise((done) => {
  const frames = [], long = []
  new PerformanceObserver((l) => long.push(...l.getEntries().map((e) => Math.round(e.duration))))
    .observe({ entryTypes: ['longtask'] })
  let last = performance.now()
  const end = last + seconds * 1000
  const step = (now) => {
    frames.push(now - last)
    last = now
    if (now < end) requestAnimationFrame(step)
    else done({ frames, long })
  }
  requestAnimationFrame(step)
}), FRAMES_S)
const frames = got.frames.sort((a, b) => a - b), at = (p) => frames[Math.floor(frames.length * p)]
console.log(`${Math.round((given - before) / FRAMES_S)} acts a second for ${FRAMES_S} s;`,
  `${frames.length} frames, p50 ${at(0.5).toFixed(1)}, p99 ${at(0.99).toFixed(1)} ms;`,
  `tasks over 50 ms: ${got.long.length}`)
told('frame, p95', Number(at(0.95).toFixed(1)), 33, 'ms')
told('longest task', Math.max(0, ...got.long), 200, 'ms')

// ---- heap ----

const cdp = await page.context().newCDPSession(page)
async function heap() {
  await cdp.send('HeapProfiler.collectGarbage')
  return (await cdp.send('Runtime.getHeapUsage')).usedSize / 1e6
}
const from = Math.min(10, Math.floor(minutes / 3))
let base = 0, now = 0
for (let m = 1; m <= minutes; m++) {
  await wait(60)
  now = await heap()
  if (m === from) base = now
  console.log(`minute ${m}: heap ${now.toFixed(1)} MB, ${given} acts, ${await page.evaluate(
    'document.getElementsByTagName("*").length')} elements`)
}
if (base) told(`heap, minute ${minutes} to minute ${from}`, Number((now / base).toFixed(3)), 1.1, 'times')

load.kill()
await browser.close()
await server.stop()
process.exit(missed.length ? 1 : 0)
