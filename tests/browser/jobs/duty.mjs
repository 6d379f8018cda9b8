// SPDX-License-Identifier: Apache-2.0
// The duty officer: an order, which the site chief signs for and answers; a decision by telephone;
// the shift handed over.
import { act, fill, go, newest, recorded, row, send, sign, SITE, under } from '../small-city.mjs'
import { same, until } from '../tap.mjs'

export async function orders(city, people) {
  const { job, who, slots, pin, DUTY, LEADER, SECOND, CHIEF, SITE_NAME, duty, chief } = people

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
    await row(chief, order).getByRole('button', { name: '核对各考场时钟' }).click()
    const drawer = chief.locator('.el-drawer', { hasText: order })
    await drawer.getByText('核对各考场时钟', { exact: true }).waitFor() // what it says
    await chief.keyboard.press('Escape')
    await drawer.waitFor({ state: 'hidden' })
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
    await until('the answer on the page', async () => (await under(duty, order, '已办')) === '是')
    same([await under(duty, order, '签收') !== '', await under(duty, order, '反馈') !== ''],
      [true, true])
  })

  await job('duty officer', 'the whole life of an order and of a shift, by their numbers',
    async () => {
      await go(duty, '/audit/trace')
      const look = async (code) => {
        await duty.getByLabel('编号').fill(code)
        await duty.keyboard.press('Enter')
        await duty.locator('.life h2', { hasText: code.normalize('NFKC') }).waitFor()
        return (await duty.locator('.life li > :last-child').allTextContents())
          .map((t) => Number(t.replace(/\D/g, '')))
      }
      const steps = ['duty.order_issued', 'duty.order_signed', 'duty.order_answered']
      same(await look(order), steps.map((type) => newest(city, type).idx), order)
      const wide = order.replace(/[!-~]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0))
      same((await look(wide)).length, 3, wide)
      same((await look('ZB-CITY-D1')).length > 0, true, 'a shift')
    })

  await job('duty officer', 'a decision by telephone is entered while the line is open', async () => {
    await go(duty, '/command/calls')
    const form = duty.locator('form.form').first()
    await fill(form, { 审批人: 'CD1-L1', '来电':  '010-5555', 事发单位: SITE_NAME })
    const decision = form.getByLabel(/^\s*审批事项/), whose = form.getByRole('status').first()
    await decision.selectOption({ label: '推迟开考' })
    await until('whose it is', async () =>
      (await whose.textContent()) === '省级考试机构有权决定，不得电话审批')
    await decision.selectOption({ label: '启用备用卷' })
    await until('whose that is', async () =>
      /值班员有权决定，可电话审批$/.test(await whose.textContent()))
    const e = await recorded(city, 'duty.phone_decided', () => send(form))
    same([who(e), e.place, e.data.decider, e.data.approved, slots(e)],
      [DUTY, SITE, LEADER, true, [['taker', 'paper', DUTY]]])
  })

  await job('duty officer', 'what is half keyed outlives a look at the alarms; a reload asks first',
    async () => {
      await go(duty, '/command/calls')
      const form = duty.locator('form.form').first()
      const keyed = () => Promise.all(['审批人', '通话要点', '通话时分'].map((label) =>
        form.getByLabel(new RegExp(`^\\s*${label}`)).inputValue()))
      await fill(form, { 审批人: '某处长', '来电': '010-5555', 通话要点: '先口头同意' })
      await form.getByLabel(/^\s*审批事项/).selectOption({ index: 1 })
      await send(form)
      await until('what is wrong, by the label', async () =>
        (await form.locator('.error').allTextContents()).some((x) => x.startsWith('审批人：')))
      same((await form.textContent()).includes('decider'), false, 'the code of a field')
      const before = await keyed()
      await go(duty, '/command')
      await go(duty, '/command/calls')
      same(await keyed(), before, 'after another page')
      let asked = ''
      duty.once('dialog', (d) => { asked = d.type(); void d.dismiss() })
      await duty.evaluate(() => { setTimeout(() => window.location.reload()) })
      await until('the question', () => asked)
      same([asked, await keyed()], ['beforeunload', before], 'a reload')
      await form.getByRole('button', { name: '取消' }).click()
      await until('an empty form', async () => (await keyed())[1] === '')
      await go(duty, '/command')
      await go(duty, '/command/calls')
      same((await keyed()).slice(0, 2), ['', ''], 'after Cancel')

      await go(duty, '/command/orders')
      await duty.getByRole('button', { name: '下达指令' }).click()
      const order = duty.locator('.el-drawer form')
      await fill(order, { 指令内容: '待补' })
      await duty.keyboard.press('Escape')
      await order.waitFor({ state: 'hidden' })
      await duty.getByRole('button', { name: '下达指令' }).click()
      same(await order.getByLabel(/^\s*指令内容/).inputValue(), '待补', 'after Escape')
      await order.getByRole('button', { name: '取消' }).click()
      await order.waitFor({ state: 'hidden' })
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
}
