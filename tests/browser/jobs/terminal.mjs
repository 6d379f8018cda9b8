// SPDX-License-Identifier: Apache-2.0
// On fixed terminals: the exam office's clerk (step, attendance, bell, the site's clock) and the
// secrecy room's keeper,
// who writes down what he and the guards do
// (a shift begun, the patrol by two, who goes in).
import { badgeIn, gun } from '../desk.mjs'
import { ask, pins, recorded, SITE, STORE } from '../small-city.mjs'
import { same, until } from '../tap.mjs'
import { enrol, terminal } from './system.mjs'

const press = (page, text) => page.locator('form.act button[type=submit]', { hasText: text }).click()

export async function clerk(city, people) {
  const { job, who, slots } = people
  const page = people.clerk
  const pin = pins(city, SITE, 'X01S01-C1')
  const form = (command) => page.locator(`form.act[data-command="${command}"]`)

  await job('clerk', 'badges in, and reports a step with one room apart', async () => {
    await badgeIn(page, 'X01S01-C1', pin['X01S01-C1'])
    await page.click('[data-page=clerk]')
    const f = form('sitting.report_step')
    await f.locator('[data-field=done] input').fill('2')
    await f.locator('[data-add]').click()
    await f.locator('[data-field=room] select').selectOption(`${SITE}/r03`)
    await f.locator('[data-field=code] select').selectOption('staff')
    const e = await recorded(city, 'sitting.step_reported', () => press(page, '登记'))
    same([e.place, e.data.session, e.data.done, e.data.exceptions, e.source],
      [SITE, 'd1-chinese', 2, [{ code: 'staff', room: `${SITE}/r03` }], 'terminal'])
    people.CLERK = who(e)
  })

  await job('clerk', 'reports who came', async () => {
    await page.click('[data-act="sitting.report_attendance"]')
    const f = form('sitting.report_attendance')
    for (const [name, n] of [['expected', '82'], ['present', '81'], ['absent', '1']])
      await f.locator(`[data-field=${name}] input`).fill(n)
    const e = await recorded(city, 'sitting.attendance_reported', () => press(page, '登记'))
    same([who(e), e.place, e.data.session, e.data.present],
      [people.CLERK, SITE, 'd1-chinese', 81])
  })

  await job('clerk', 'a bell that was rung goes into the log, by its keeper before a second', async () => {
    await page.keyboard.press('F3')
    await page.getByText(/已登记：\s*无/).waitFor()
    const f = form('sitting.ring_bell')
    await f.getByRole('button', { name: '入场', exact: true }).click()
    await gun(page, 'X01S01-D1')
    await gun(page, 'X01S01-C1')
    const e = await recorded(city, 'sitting.bell_rung', () => press(page, '登记'))
    same([who(e), e.place, e.data.bell, e.data.session, e.source, slots(e).map((s) => s[0])],
      [people.CLERK, SITE, 'entry', 'd1-chinese', 'terminal', ['keeper', 'second']])
    const bells = (await ask(people.chief, `sitting/bells?place=${SITE}`)).items
    same(bells.map((b) => [b.session, b.at_ms]), [['d1-chinese', Date.parse(e.happened)]])
    await page.locator('[data-rung]', { hasText: /入场 08:\d\d/ }).waitFor()
  })

  await job('clerk', 'the site\'s clock is compared, and is too far off', async () => {
    await page.keyboard.press('F6')
    const f = form('sitting.check_clock')
    await f.getByLabel('钟差').fill('1500')
    await f.getByRole('button', { name: '北斗授时' }).click()
    await gun(page, 'X01S01-D1')
    await gun(page, 'X01S01-C1')
    const e = await recorded(city, 'sitting.clock_checked', () => press(page, '登记'))
    same([who(e), e.place, e.data.offset_ms, e.data.reference], [people.CLERK, SITE, 1500, 'beidou'])
    const alarms = (await ask(people.chief, 'alarm/alarms')).items
    same(alarms.filter((a) => a.rule === 'sitting.clock_off').map((a) => [a.place, a.cause]),
      [[SITE, e.idx]])
  })
}

export async function guard(city, people) {
  const { job, who, slots } = people
  const pin = pins(city, STORE, 'X01-K1')
  let page, GUARD

  await job('guard', 'comes to a terminal of the secrecy room, and a shift is begun', async () => {
    const t = await terminal(city)
    page = t.page
    await enrol(city, people, t.key, '虚构第01县保密室')
    await page.waitForSelector('[name=badge]')
    await badgeIn(page, 'X01-K1', pin['X01-K1'])
    await page.click('[data-page=guard]')
    await page.click('[data-act="custody.guard_on"]')
    await page.click('[data-field=duty] [data-value=guard]')
    await gun(page, 'X01-G4')
    const e = await recorded(city, 'custody.guard_posted', () => press(page, '登记'))
    GUARD = who(e)
    same([e.place, e.data.duty, slots(e).length], [STORE, 'guard', 1])
  })

  await job('guard', 'a patrol by two, with what was found', async () => {
    await page.click('[data-act="custody.patrol"]')
    await page.click('[data-field=sound] [data-value=true]')
    await gun(page, 'X01-G2')
    await gun(page, 'X01-G3')
    const e = await recorded(city, 'custody.patrolled', () => press(page, '登记'))
    same([who(e), e.place, e.data.sound, slots(e).length], [GUARD, STORE, true, 2])
  })

  await job('guard', 'who goes in is written down, and leaves again', async () => {
    await page.click('[data-act="custody.enter_room"]')
    await page.selectOption('[data-field=purpose] select', 'check')
    await page.click('[data-field=phone_left] [data-value=true]')
    await gun(page, 'X01-K2')
    const e = await recorded(city, 'custody.room_entered', () => press(page, '登记'))
    same([who(e), e.place, e.data.purpose, e.data.phone_left], [GUARD, STORE, 'check', true])
    await until('one inside', async () => (await page.textContent('[data-inside]')) === '1')
  })
}
