// SPDX-License-Identifier: Apache-2.0
// The three most frequent jobs of each role, done through the pages as a person does them, and what
// came of each read back from the ledger: the person, the place, the values.
import { randomUUID } from 'node:crypto'
import { act, ask, COUNTY, desk, fill, found, go, live, newest, pins, recorded, row, rows, send, sign, SITE,
  STORE, tabTo } from './city.mjs'
import { cliJson, end, same, test, until } from './tap.mjs'

const city = await found('jobs')
await live(city, '2025-06-07T00:20')
const pin = pins(city, 'sc/cd', 'CD1-L1', 'CD1-D2')
const who = (e) => e.act.actor
const slots = (e) => e.slots.map((s) => [s.slot, s.how, s.person])
const SITE_NAME = '虚构第01县第01考点'
const job = (role, what, f) => test(`${role}: ${what}`, f)

// ---- who is who ----

const duty = await desk(city, 'CD1-D1'), county = await desk(city, 'X01-O1')
const chief = await desk(city, 'X01S01-A1')
const numberOf = async (page) => (await ask(page, 'me')).person
const DUTY = await numberOf(duty), OFFICE = await numberOf(county), CHIEF = await numberOf(chief)
const roster = await rows(duty, 'duty/roster?place=sc/cd')
const shift = (code) => roster.find((r) => r.code === code)
const LEADER = shift('ZB-CITY-L0').person, SECOND = shift('ZB-CITY-D2').person

// ---- the duty officer ----

let order = ''
await job('duty officer', 'an order is issued, with the leader\'s badge', async () => {
  await go(duty, '/command/orders')
  await duty.getByRole('button', { name: '下达指令' }).click()
  const form = duty.locator('.el-drawer form')
  await fill(form, { 缓急: '特急', 指令内容: '核对各考场时钟' })
  await fill(form.locator('.list'), { 受令单位: SITE_NAME })
  await sign(form, 0, 'CD1-L1', '工牌', pin['CD1-L1'])
  const e = await recorded(city, 'duty.order_issued', () => send(form))
  same([who(e), e.place, e.data.urgency, e.data.to, slots(e)],
    [DUTY, 'sc/cd', 'flash', [{ to: SITE }], [['leader', 'badge', LEADER]]])
  order = e.data.order
})

await job('site chief', 'the order is there by itself, signed for and answered', async () => {
  await go(chief, '/command/orders')
  const form = chief.locator('.el-drawer form')
  await act(chief, order, '签收')
  const signed = await recorded(city, 'duty.order_signed', () => send(form))
  same([who(signed), signed.place, signed.data.order, slots(signed)],
    [CHIEF, SITE, order, [['signer', 'paper', CHIEF]]])
  await act(chief, order, '反馈')
  await fill(form, { 已办: '是', 办理情况: '三个考场均已核对' })
  const done = await recorded(city, 'duty.order_answered', () => send(form))
  same([who(done), done.place, done.data.order, done.data.done], [CHIEF, SITE, order, true])
})

await job('duty officer', 'sees that it is done, without asking', async () => {
  const line = row(duty, order)
  await until('the answer on the page', async () => (await line.textContent()).includes('是'))
})

await job('duty officer', 'a decision by telephone is entered while the line is open', async () => {
  await go(duty, '/command/calls')
  const form = duty.locator('form.form').first()
  await fill(form, { 审批人: 'CD1-L1', '来电':  '010-5555', 事发单位: SITE_NAME })
  await form.getByLabel(/^\s*审批事项/).selectOption({ index: 1 })
  const e = await recorded(city, 'duty.phone_decided', () => send(form))
  same([who(e), e.place, e.data.decider, e.data.approved, slots(e)],
    [DUTY, SITE, LEADER, true, [['taker', 'paper', DUTY]]])
})

await job('duty officer', 'the shift is handed over to the next', async () => {
  await go(duty, '/command/roster')
  await act(duty, 'ZB-CITY-D1', '交接班')
  const form = duty.locator('.el-drawer form')
  await fill(form, { 接班班次: 'ZB-CITY-D2', 交办未了事项: '关注第01考点' })
  await sign(form, 1, 'CD1-D2', '工牌', pin['CD1-D2'])
  const e = await recorded(city, 'duty.handed_over', () => send(form))
  same([who(e), e.place, e.data.shift, e.data.next, slots(e).map((s) => s[2])],
    [DUTY, 'sc/cd', 'ZB-CITY-D1', 'ZB-CITY-D2', [DUTY, SECOND]])
})


// ---- two at one alarm; its whole life ----

async function stranger(persons) {
  const e = await recorded(city, 'alarm.raised', async () => {
    const reply = await county.context().request.post(
      `${city.url}/api/v1/commands/custody.report_stranger`,
      { data: { data: { place: STORE, persons } }, headers: { 'Idempotency-Key': randomUUID() } })
    same(reply.status(), 200, await reply.text())
  })
  return until('the alarm', async () => {
    const of = (await rows(duty, 'alarm/alarms')).filter((a) => a.rule === e.data.rule)
    return of.find((a) => a.raised_ms === Date.parse(e.time))?.id
  })
}
const stands = async (alarm) => (await rows(duty, 'alarm/alarms')).find((a) => a.id === alarm)
const inQueue = (page, alarm) => page.locator('.queue li', { hasText: `第 ${alarm} 号` })

let alarm = 0
await test('two sign for one alarm at once: one has it, the other is told who', async () => {
  await Promise.all([go(duty, '/command'), go(county, '/command')])
  alarm = await stranger(1)
  const pages = [duty, county]
  let held = []
  for (const page of pages) {
    await page.route('**/commands/alarm.acknowledge', (route) => {
      held.push(route)
      if (held.length === pages.length) for (const r of held) void r.continue()
    })
    await inQueue(page, alarm).waitFor()
  }
  const before = newest(city, 'alarm.acknowledged')?.idx ?? -1
  await Promise.all(pages.map((page) => inQueue(page, alarm).focus()
    .then(() => page.keyboard.press('s'))))
  const has = await until('a signature', async () => (await stands(alarm)).ack_by)
  const loser = has === DUTY ? county : duty, winner = has === DUTY ? 'CD1-D1' : 'X01-O1'
  await until('who has it', async () =>
    (await loser.locator('.problem').allTextContents()).join().includes(`${winner} 于`))
  for (const page of pages)
    await until('both to see it', async () =>
      (await inQueue(page, alarm).textContent()).includes('已签收'))
  await Promise.all(pages.map((page) => page.unroute('**/commands/alarm.acknowledge')))
  const list = cliJson('ledger', 'list', '--data', city.data, '--type', 'alarm.acknowledged',
    '--limit', '99').entries
  same(list.filter((e) => e.index > before).length, 1, 'signatures')
})

await job('the next officer', 'takes the alarm over and closes it with a second', async () => {
  const next = await desk(city, 'CD1-D2')
  await go(next, '/command')
  await inQueue(next, alarm).getByRole('button', { name: '再次签收' }).click()
  await until('the signature', async () => (await stands(alarm)).ack_by === SECOND)
  await inQueue(next, alarm).getByRole('button', { name: '办结' }).click()
  const form = next.locator('.el-dialog form')
  await fill(form, { 办结原因: '已处置', 说明: '人员已离开' })
  const alone = newest(city, 'alarm.closed')?.idx
  await send(form)
  await until('a refusal', async () => (await form.textContent()).includes('两人办结'))
  same(newest(city, 'alarm.closed')?.idx, alone, 'closed by one')
  await sign(form, 0, 'CD1-L1', '工牌', pin['CD1-L1'])
  const e = await recorded(city, 'alarm.closed', () => send(form))
  same([who(e), e.place, e.data.alarm, e.data.reason, slots(e)],
    [SECOND, STORE, alarm, 'handled', [['second', 'badge', LEADER]]])
  await inQueue(next, alarm).waitFor({ state: 'detached' })
  await next.context().close()
})

// ---- the site chief ----

await job('site chief', 'reports the next step with one room apart', async () => {
  await go(chief, '/sitting/day')
  await chief.locator('.next .big').click()
  await chief.getByLabel('例外考场').fill('2')
  await chief.keyboard.press('Enter')
  const e = await recorded(city, 'sitting.step_reported', () => send(chief.locator('.next form')))
  same([who(e), e.place, e.data.session, e.data.done, e.data.exceptions],
    [CHIEF, SITE, 'd1-chinese', 2, [{ code: 'not_done', room: `${SITE}/r02` }]])
  await until('the receipt', async () => (await chief.textContent('main')).includes('已登记'))
})

await job('site chief', 'attendance, by keyboard alone', async () => {
  await go(chief, '/sitting/attendance')
  await chief.keyboard.press('Tab')
  await tabTo(chief, (e) => e.textContent.includes('报告到考情况'))
  await chief.keyboard.press('Enter')
  await chief.waitForSelector('.el-drawer form')
  await tabTo(chief, (e) => /-present$/.test(e.id))
  await chief.keyboard.press('Control+A')
  await chief.keyboard.type('80')
  await chief.keyboard.press('Tab')
  await chief.keyboard.press('Control+A')
  await chief.keyboard.type('2')
  const e = await recorded(city, 'sitting.attendance_reported', () =>
    chief.keyboard.press('Enter'))
  same([who(e), e.place, e.data.expected, e.data.present, e.data.absent], [CHIEF, SITE, 82, 80, 2])
  await until('the focus on what became of it', () =>
    chief.evaluate(() => document.activeElement.textContent.includes('已登记')))
})

await job('site chief', 'decides on what happened in a room', async () => {
  const told = await recorded(city, 'sitting.incident_reported', async () => {
    const reply = await chief.context().request.post(
      `${city.url}/api/v1/commands/sitting.report_incident`, { data: { data: { place:
        `${SITE}/r01`, session: 'd1-chinese', kind: 'noise' } },
      headers: { 'Idempotency-Key': randomUUID() } })
    same(reply.status(), 200, await reply.text())
  })
  await go(chief, '/sitting/day')
  await chief.getByRole('button', { name: '登记结果' }).first().click()
  const form = chief.locator('.el-drawer form')
  await fill(form, { 结果: '已解决' })
  const e = await recorded(city, 'sitting.incident_settled', () => send(form))
  same([who(e), e.place, e.data.incident, e.data.outcome],
    [CHIEF, `${SITE}/r01`, told.idx, 'resolved'])
})

await city.browser.close()
await city.server.stop()
end()
