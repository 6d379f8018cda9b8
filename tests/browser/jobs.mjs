// SPDX-License-Identifier: Apache-2.0
// The three most frequent jobs of each role, done through the pages as a person does them, and what
// came of each read back from the ledger: the person, the place, the values.  The jobs themselves
// stand in jobs/, a file for whose they are.
import { ask, desk, found, go, live, pins, rows } from './small-city.mjs'
import { alarms } from './jobs/alarm.mjs'
import { answers, offices } from './jobs/county.mjs'
import { orders } from './jobs/duty.mjs'
import { evening } from './jobs/evening.mjs'
import { filing } from './jobs/filing.mjs'
import { lists } from './jobs/lists.mjs'
import { papers } from './jobs/papers.mjs'
import { site } from './jobs/site.mjs'
import { administrators } from './jobs/system.mjs'
import { clerk, guard } from './jobs/terminal.mjs'
import { end, same, test, until } from './tap.mjs'

const city = await found('jobs')
await live(city, '2025-06-06T23:50')

// ---- who is who ----

const duty = await desk(city, 'CD1-D1'), county = await desk(city, 'X01-O1')
const chief = await desk(city, 'X01S01-A1')
const numberOf = async (page) => (await ask(page, 'me')).person
const roster = await rows(duty, 'duty/roster?place=sc/cd')
const shift = (code) => roster.find((r) => r.code === code)
const people = {
  duty, county, chief,
  DUTY: await numberOf(duty), OFFICE: await numberOf(county), CHIEF: await numberOf(chief),
  LEADER: shift('ZB-CITY-L0').person, SECOND: shift('ZB-CITY-D2').person,
  numberOf, deskOf: (code) => desk(city, code),
  SITE_NAME: '虚构第01县第01考点',
  pin: pins(city, 'sc/cd', 'CD1-L1', 'CD1-D2'),
  job: (role, what, f) => test(`${role}: ${what}`, f),
  who: (e) => e.act.actor,
  slots: (e) => e.slots.map((s) => [s.slot, s.how, s.person]),
}

await orders(city, people)
await alarms(city, people)
await site(city, people)
await filing(city, people)
await offices(city, people)
await answers(city, people)
await lists(city, people)
await papers(city, people)
await administrators(city, people)
await clerk(city, people)
await guard(city, people)
await go(duty, '/command/calls')
await live(city, '2025-06-07T13:30')
await test('the minute of a call is now, however long its form has stood there', () =>
  until('the evening', async () =>
    await duty.getByLabel(/^\s*通话时分/).inputValue() >= '2025-06-07T21:30'))
await evening(city, people)

await test('no page complained', async () =>
  same(city.noise.filter((n) => !/status of 4|ERR_CONNECTION|ERR_INCOMPLETE|ERR_EMPTY/.test(n)).slice(0, 5), []))

await city.browser.close()
await city.server.stop()
end()
