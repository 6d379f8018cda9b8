// SPDX-License-Identifier: Apache-2.0
// TAP, conditions that are waited for, and the programs under test.
import { execFileSync, spawn } from 'node:child_process'

let n = 0
let failed = 0

// One test; what it throws is why it failed.  Those after it go on.
export async function test(name, f) {
  try {
    await f()
    console.log(`ok ${++n} - ${name}`)
  } catch (e) {
    failed++
    console.log(`not ok ${++n} - ${name}`)
    for (const line of String(e.stack ?? e).split('\n')) console.log(`# ${line}`)
  }
}

export const skip = (name, why) => console.log(`ok ${++n} - ${name} # SKIP ${why}`)

export function end() {
  console.log(`1..${n}`)
  process.exit(failed ? 1 : 0)
}

export function same(got, wanted, what = '') {
  const a = JSON.stringify(got), b = JSON.stringify(wanted)
  if (a !== b) throw new Error(`${what}: ${a}, not ${b}`)
}

// No test waits for a time; each waits for a condition, and gives up after a minute.
const MOST_MS = Number(process.env.BROWSER_WAIT_MS ?? 60000)
export async function until(what, f, most = MOST_MS) {
  const end = Date.now() + most
  for (;;) {
    const got = await f()
    if (got) return got
    if (Date.now() > end) throw new Error(`in vain for ${most / 1000} s: ${what}`)
    await new Promise((done) => setTimeout(done, 50))
  }
}

// A page of the console, once it stands there itself: the one before it stays until the files of
// the new one have come, with its heading and its buttons.
export async function turnTo(page, url) {
  const pageOf = (u) => u.replace(/[?].*$/, '').replace(/(#\/[^/]*\/?[^/]*).*$/, '$1')
  const stays = pageOf(page.url()) === pageOf(url)
  await page.evaluate((s) => { window.left = s ? null : document.querySelector('h1') }, stays)
  await page.goto(url)
  await page.waitForFunction(() => {
    const h1 = document.querySelector('h1')
    const turned = h1 && (h1 !== window.left || window.location.hash.startsWith('#/denied'))
    return turned && !/正在读取|Reading …/.test(document.body.innerText)
  }).catch(async (e) => {
    throw new Error(`${url}: ${await page.textContent('h1', { timeout: 1000 })}: ${e.message}`)
  })
}

const gongyuan = process.env.GONGYUAN_BIN

export function cli(...args) {
  return execFileSync(gongyuan, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}
export const cliJson = (...args) => JSON.parse(cli(...args, '--json'))

export const freePort = () =>
  Number(execFileSync(`${process.env.GONGYUAN_SOURCE}/tools/free-port`, { encoding: 'utf8' }))

// A server on that folder and port; kill() as a power cut does.
export async function serve(data, port, ...more) {
  const child = spawn(gongyuan, ['serve', '--data', data, '--listen', `127.0.0.1:${port}`,
    '--web', `${process.env.GONGYUAN_SOURCE}/web/dist`, ...more], { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', (d) => { said += d })
  const over = new Promise((done) => child.on('exit', done))
  await until(`a server on ${port}: ${said}`, async () => {
    if (child.exitCode !== null) throw new Error(`the server ended: ${said}`)
    return fetch(`http://127.0.0.1:${port}/healthz`).then((r) => r.ok, () => false)
  })
  return {
    kill: () => { child.kill('SIGKILL'); return over },
    stop: () => { child.kill('SIGTERM'); return over },
  }
}
