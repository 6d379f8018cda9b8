// SPDX-License-Identifier: Apache-2.0
// The smallest made-up city, played into its first morning and then left standing: names of places,
// people with posts, candidates in their seats.  For tests of pages that act in it.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cli, cliJson, freePort, serve, until } from './tap.mjs'

export const SITE = 'sc/cd/x01/s01'
export const STORE = 'sc/cd/x01/store'
export const SESSION = 'd1-chinese'

// Up to `then` ("2025-06-07T01:10", UTC) and not much further.
export async function played(folder, then) {
  const data = join(folder, 'data'), scenario = join(folder, 'day.json')
  writeFileSync(scenario, JSON.stringify({ id: 'small', zh: '一日', en: 'a day', profile: 'demo',
    city: { counties: 1, sites: 2, rooms: 3, seats: 30, days: 1 }, inject: [] }))
  const port = freePort()
  const server = await serve(data, port, '--play', scenario, '--speed', '7200')
  await until(then, async () =>
    (await (await fetch(`http://127.0.0.1:${port}/api/v1/terminal`)).json()).now >= then)
  await server.stop()
  return data
}

export function enrol(data, key, place) {
  cli('device', 'enroll', '--data', data, '--key', key, '--place', place, '--as', 'SC1-A1',
    '--slot', 'enroller=badge:SC1-A1', '--slot', 'approver=badge:SC1-B1')
}

// Somebody of the city at an office, for reading back: ask(VIEW) gives its rows.
export async function office(data, url, who) {
  const user = cliJson('demo', 'users', '--data', data).users.find((u) => u.person === who)
  const code = cli('demo', 'code', who, '--data', data).trim().split(/\s+/)[0]
  const reply = await fetch(`${url}/api/v1/login`, { method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ person: who, password: user.password, code }) })
  if (!reply.ok) throw new Error(await reply.text())
  const { token } = await reply.json()
  return async (path) => {
    const r = await fetch(`${url}/api/v1/${path}`, { headers: { Authorization: `Bearer ${token}` } })
    if (!r.ok) throw new Error(`${path}: ${r.status} ${await r.text()}`)
    return (await r.json()).items
  }
}
