// SPDX-License-Identifier: Apache-2.0
// The site chief: a step by count and exception, attendance by keyboard, what happened in a room.
import { randomUUID } from 'node:crypto'
import { fill, go, recorded, rows, send, SITE, tabTo } from '../small-city.mjs'
import { same, until } from '../tap.mjs'

export async function site(city, people) {
  const { job, who, CHIEF, chief } = people

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

  await job('site chief', 'opens the zero-report before attendance: what is known is there', async () => {
    await go(chief, '/sitting/zeros')
    await chief.getByRole('button', { name: '考点零报告' }).click()
    const form = chief.locator('.el-drawer form')
    await form.getByText('到考情况尚未报告').waitFor()
    const said = (label) => form.getByLabel(new RegExp(`^\\s*${label}`)).inputValue()
    same([await said('应考'), Number(await said('实考')) >= 0 && (await said('实考')) !== '',
      await said('缺考')], ['82', true, ''], 'by the plan, by the rooms, not known')
    const open = (await rows(chief, `alarm/alarms?place=${SITE}&state=0&state=1`)).length
    same(Number(await form.locator('.known [data-n]').getAttribute('data-n')), open, 'open alarms')
    same(await form.locator('.signatures input').first().inputValue(), 'X01S01-A1', 'his to sign')
    await form.getByRole('button', { name: '取消' }).click()
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
    same([who(e), e.place, e.data.session, e.data.expected, e.data.present, e.data.absent],
      [CHIEF, SITE, 'd1-chinese', 82, 80, 2])
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
}
