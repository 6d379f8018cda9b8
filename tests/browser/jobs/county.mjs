// SPDX-License-Identifier: Apache-2.0
// The county office: staff are imported, first looked at, errors by row; the sites' readiness; an
// order of the city's is signed for and answered.
import {
  act, COUNTY, fill, go, newest, recorded, row, rows, send, sign, SITE, under,
} from '../small-city.mjs'
import { same, until } from '../tap.mjs'

const file = (name, text) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) })
const HEAD = '工作证号,单位编号,是否涉密人员,姓名,所在地,单位名称'
const GOOD = 'X01-Z1,X01-OFFICE,否,张三,sc/cd/x01,虚构第01县考务办'

export async function offices(city, people) {
  const { job, who, OFFICE, county } = people

  await job('county office', 'staff are imported: looked at, put right, recorded', async () => {
    await go(county, '/exam/import')
    await county.getByLabel('导入什么').selectOption({ label: '工作人员' })
    const card = county.locator('.steps')
    await card.locator('input[type=file]').setInputFiles(
      file('人员.csv', `${HEAD}\n${GOOD}\nX01-Z2,X01-OFFICE,也许,李四,sc/cd/x01,虚构第01县考务办\n`))
    const before = newest(city, 'people.person_registered').idx
    await card.getByRole('button', { name: '检查', exact: true }).click()
    const fault = card.locator('tbody tr')
    await fault.waitFor()
    same(/第 3 行.*是否涉密人员/.test((await fault.textContent()).replace(/\s+/g, ' ')), true,
      await fault.textContent())
    same(newest(city, 'people.person_registered').idx, before, 'recorded by looking')
    await card.locator('input[type=file]').setInputFiles(
      file('人员.csv', `${HEAD}\n${GOOD}\nX01-Z2,X01-OFFICE,否,李四,sc/cd/x01,虚构第01县考务办\n`))
    await card.getByRole('button', { name: '检查', exact: true }).click()
    const e = await recorded(city, 'people.person_registered', () =>
      card.getByRole('button', { name: '登记这 2 行' }).click())
    same([who(e), e.place, e.data.code], [OFFICE, 'sc/cd/x01', 'X01-Z2'])
    await card.getByText('已登记 2 行').waitFor()
  })

  await job('county office', 'sees which sites are ready', async () => {
    await go(county, '/exam/readiness')
    const site = county.locator('tbody tr', { hasText: '第01考点' })
    await site.waitFor()
    const told = (await rows(county, `sitting/readiness?place=${SITE}&session=d1-chinese`))
    same((await site.locator('td.good').count()) > 0, told.some((r) => r.sound), 'sound')
  })
}

// The city asks; the county signs for it and says what became of it; the city has the answer.
export async function answers(city, people) {
  const { job, who, slots, pin, DUTY, OFFICE, duty, county } = people

  let order = ''
  await job('county office', 'an order of the city\'s is signed for and answered', async () => {
    await go(county, '/command/orders')
    await go(duty, '/command/orders')
    await duty.getByRole('button', { name: '下达指令' }).click()
    const form = duty.locator('.el-drawer form')
    await fill(form, { 缓急: '紧急', 指令内容: '逐点核对保密室值守' })
    await fill(form.locator('.list'), { 受令单位: '虚构第01县' })
    await sign(form, 0, 'CD1-L1', '工牌', pin['CD1-L1'])
    const issued = await recorded(city, 'duty.order_issued', () => send(form))
    same([who(issued), issued.data.to], [DUTY, [{ to: COUNTY }]])
    order = issued.data.order
    const mine = county.locator('.el-drawer form')
    await act(county, order, '签收') // it came by itself
    const signed = await recorded(city, 'duty.order_signed', () => send(mine))
    same([who(signed), signed.place, signed.data.order, slots(signed)],
      [OFFICE, COUNTY, order, [['signer', 'paper', OFFICE]]])
    await act(county, order, '反馈')
    await fill(mine, { 已办: '否', 办理情况: '第02考点尚在核对' })
    const told = await recorded(city, 'duty.order_answered', () => send(mine))
    same([who(told), told.place, told.data.order, told.data.done], [OFFICE, COUNTY, order, false])
  })

  await job('duty officer', 'sees the county\'s answer: not done yet, by a link to what it says',
    async () => {
      await until('it', async () => (await under(duty, order, '反馈')) !== '')
      same([await under(duty, order, '受令单位'), await under(duty, order, '已办')],
        ['虚构第01县', '否'])
      const [told] = await rows(duty, `duty/orders?code=${order}`)
      same([told.place, told.done, told.signed_ms > 0], [COUNTY, 0, true])
      await row(duty, order).locator('a').last().click()
      await duty.waitForSelector('.entry h2')
      same(Number(/#(\d+)/.exec(await duty.textContent('.entry h2'))[1]), told.answered)
    })
}
