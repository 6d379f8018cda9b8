// SPDX-License-Identifier: Apache-2.0
// What the benchmarks of the pages share: figures beside their goals, medians, and a login.
import { cli } from './tap.mjs'

export const missed = []
export function told(what, value, goal, unit) {
  const met = value <= goal
  if (!met) missed.push(what)
  console.log(`${what}: ${value} ${unit}; goal ${goal}: ${met ? 'met' : 'NOT MET'}`)
}

export const part = (l, p) => l.slice().sort((a, b) => a - b)[Math.floor(l.length * p)]
export const middle = (l) => part(l, 0.5)

// Somebody's cookies, for contexts that open pages.
export async function storageOf(browser, url, data, user) {
  const context = await browser.newContext()
  const reply = await context.request.post(`${url}/api/v1/login`, { data: { person: user.person,
    password: user.password,
    code: cli('demo', 'code', user.person, '--data', data).trim().split(/\s+/)[0] } })
  if (!reply.ok()) throw new Error(`${user.person} is not let in: ${reply.status()}`)
  const storage = await context.storageState()
  await context.close()
  return storage
}
