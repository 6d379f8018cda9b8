// SPDX-License-Identifier: Apache-2.0
// Two at one alarm, and the rest of its life: taken over by the next officer, closed by two; and
// another from the queue to its end by keyboard alone, a false one.
import { randomUUID } from 'node:crypto'
import { desk, fill, go, newest, recorded, rows, send, sign, STORE, tabTo } from '../small-city.mjs'
import { cliJson, same, test, until } from '../tap.mjs'

export async function alarms(city, people) {
  const { job, who, slots, pin, DUTY, LEADER, SECOND, duty, county } = people

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

  await job('duty officer', 'finds in the list first what is to be dealt with first', async () => {
    await go(duty, '/command/alarms')
    const line = duty.locator('.el-table-v2__main .el-table-v2__row')
    await line.first().waitFor()
    const first = await line.first().textContent(), all = await rows(duty, 'alarm/alarms')
    same([first.includes(String(all[0].id)), [0, 1].includes(all[0].state)], [true, true], first)
    const closed = all.filter((a) => a.closed_ms > 0).map((a) => a.closed_ms)
    same(closed, [...closed].sort((a, b) => b - a), 'closed ones, the newest first')
    same(all.slice(all.length - closed.length).every((a) => a.closed_ms > 0), true, 'behind those open')
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

  // One's own choice in a list, by its word.
  async function choose(page, label, word) {
    await tabTo(page, `(e) => e.tagName === 'SELECT' &&
      [...e.labels].some((l) => l.textContent.trim().startsWith('${label}'))`)
    for (let i = 0; i < 12; i++) {
      if (await page.evaluate(() => document.activeElement.selectedOptions[0].text) === word) return
      await page.keyboard.press(i ? 'ArrowDown' : 'Home')
    }
    throw new Error(`no ${word} in ${label}`)
  }

  await job('duty officer', 'a false alarm is signed for and closed by two, by keyboard alone',
    async () => {
      await go(duty, '/desk') // nothing has the focus but what the page gives it
      await go(duty, '/command')
      alarm = await stranger(2)
      await inQueue(duty, alarm).waitFor()
      await tabTo(duty, (e) => e.matches('.queue li'))
      const at = () => duty.evaluate(() => Number(document.activeElement.dataset.alarm))
      await duty.keyboard.press('g')
      for (let i = 0; i < 30 && await at() !== alarm; i++) await duty.keyboard.press('j')
      same(await at(), alarm, 'reached')
      await duty.keyboard.press('s')
      await until('the signature', async () => (await stands(alarm)).ack_by === DUTY)
      await until('the queue to say so', async () =>
        (await inQueue(duty, alarm).textContent()).includes('已签收'))
      for (let i = 0; i < 30 && await at() !== alarm; i++) await duty.keyboard.press('j')
      await duty.keyboard.press('c')
      await duty.waitForSelector('.el-dialog form')
      await choose(duty, '办结原因', '误报')
      await choose(duty, '误报原因', '测试')
      await tabTo(duty, (e) => e.tagName === 'INPUT' && e.closest('.signatures'))
      await duty.keyboard.type('CD1-L1')
      await duty.keyboard.press('Tab')
      await duty.keyboard.press('ArrowDown') // by badge
      await duty.keyboard.press('Tab')
      await duty.keyboard.type(pin['CD1-L1'])
      const e = await recorded(city, 'alarm.closed', () => duty.keyboard.press('Enter'))
      same([who(e), e.data.alarm, e.data.reason, e.data.false_cause, slots(e)],
        [DUTY, alarm, 'false_alarm', 'test', [['second', 'badge', LEADER]]])
      await inQueue(duty, alarm).waitFor({ state: 'detached' })
      people.falseAlarm = alarm
    })
}
