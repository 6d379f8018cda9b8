// SPDX-License-Identifier: Apache-2.0
// The administrators: a terminal is enrolled by two and revoked, a place is added; a role is given
// by two and withdrawn by two, the second signing later; its holder is out of the system at once.
import {
  act, COUNTY, desk, fill, go, newest, pins, recorded, row, rows, send, sign, SITE, under,
} from '../small-city.mjs'
import { same, until } from '../tap.mjs'

// A terminal out of its box: a browser of its own, and the key that it shows.
export async function terminal(city) {
  const context = await city.browser.newContext({ viewport: { width: 1366, height: 768 } })
  const page = await context.newPage()
  page.setDefaultTimeout(30000)
  await page.goto(`${city.url}/onsite/`)
  return { page, key: await page.getAttribute('[data-pub]', 'data-pub') }
}

export async function enrol(city, people, key, place) {
  const { admin, pin } = people
  await go(admin, '/system/terminals')
  await admin.getByRole('button', { name: '登记终端' }).click()
  const form = admin.locator('.el-drawer form')
  await fill(form, { 公钥: key, 地点: place })
  await sign(form, 1, 'SC1-B1', '工牌', pin['SC1-B1'])
  return recorded(city, 'authority.device_enrolled', () => send(form))
}

export async function administrators(city, people) {
  const { job, who, slots, numberOf, SITE_NAME } = people
  const admin = people.admin = await desk(city, 'SC1-A1')
  const security = await desk(city, 'SC1-B1')
  Object.assign(people.pin, pins(city, 'sc', 'SC1-B1', 'SC1-A1'))
  const A = await numberOf(admin), B = await numberOf(security)

  let device
  await job('system administrator', 'a terminal is enrolled with a second', async () => {
    const { page, key } = await terminal(city)
    device = await enrol(city, people, key, SITE_NAME)
    people.clerk = page
    same([who(device), device.data.place, slots(device)],
      [A, SITE, [['approver', 'badge', B], ['enroller', 'paper', A]]])
    await page.waitForSelector('[name=badge]') // the terminal goes on by itself
  })

  await job('system administrator', 'a lost terminal is revoked', async () => {
    const { page, key } = await terminal(city)
    const lost = await enrol(city, people, key, SITE_NAME)
    await page.context().close()
    await act(admin, String(lost.idx), '注销') // by its line: where, by whom, when
    const form = admin.locator('.el-drawer form')
    await sign(form, 1, 'SC1-B1', '工牌', people.pin['SC1-B1'])
    const e = await recorded(city, 'authority.device_revoked', () => send(form))
    same([who(e), e.data.device, slots(e).length], [A, lost.idx, 2])
  })

  await job('system administrator', 'a room is added, and stands in the tree', async () => {
    await go(admin, '/system/places')
    await admin.getByRole('button', { name: '登记地点' }).click()
    const form = admin.locator('.el-drawer form')
    await fill(form, { 类别: '考场', 名称: '备用考场' })
    await fill(form, { 上级地点: SITE_NAME, 代号: 'r99' })
    const e = await recorded(city, 'place.added', () => send(form))
    same([who(e), e.data.place, e.data.kind], [A, `${SITE}/r99`, 'room'])
  })

  await job('security administrator', 'a role is given by two', async () => {
    await go(security, '/system/grants')
    await security.getByRole('button', { name: '授权', exact: true }).click()
    const form = security.locator('.el-drawer form')
    await fill(form, { 人员: 'X01-T1', 角色: '值班员', 范围: '虚构第01县' })
    await sign(form, 1, 'SC1-A1', '工牌', people.pin['SC1-A1'])
    const given = await recorded(city, 'authority.granted', () => send(form))
    same([who(given), given.data.role, given.data.place, slots(given).map((s) => s[2]).sort()],
      [B, 'duty_officer', COUNTY, [A, B]])
    people.grant = given.idx
  })

  await withdrawal(city, people, { admin, security, A, B })
}

async function withdrawal(city, people, { admin, security, A, B }) {
  const { job, who, slots } = people
  const holder = await desk(city, 'X01-T1')
  const seen = async () => (await holder.context().request.get(`${city.url}/api/v1/me`)).status()
  const HELD = '值班员'
  let waits

  await job('security administrator', 'withdraws a role: alone it waits, and nothing ends', async () => {
    await go(holder, '/command/orders')
    await go(security, '/system/grants')
    await security.getByLabel('查找').fill('X01-T1')
    await until('his grants alone', async () =>
      (await row(security, '').count()) === 2 && (await row(security, HELD).count()) === 1)
    await act(security, HELD, '撤销授权')
    const form = security.locator('.el-drawer form')
    waits = await recorded(city, 'slot.begun', () => send(form))
    same([who(waits), slots(waits).map((s) => s[2])], [B, [B]])
    await security.getByText('尚待其他人签名').waitFor()
    same([await seen(), newest(city, 'authority.revoked')], [200, undefined], 'alone')
  })

  await job('system administrator', 'signs what waits: the role is gone, its holder out at once',
    async () => {
      await go(admin, '/audit/waiting')
      await row(admin, '撤销授权').waitFor()
      same(await under(admin, '撤销授权', '待签名位'), '复核人')
      await act(admin, '撤销授权', '补签')
      const form = admin.locator('.el-drawer form')
      await sign(form, 0, 'SC1-A1', '工牌', people.pin['SC1-A1'])
      const e = await recorded(city, 'authority.revoked', () => send(form))
      same([slots(e).map((s) => s[2]).sort()], [[A, B]])
      same(await seen(), 401, 'his login')
      await holder.getByText('登录已失效').waitFor() // by itself
      const told = (await rows(security, 'authority/grants?person=X01-T1'))
        .find((g) => g.role === 'duty_officer')
      same([told.state, told.revoked, told.revoker], [1, e.idx, B])
      await until('the list to say so', async () =>
        (await under(security, HELD, '状态')) === '已撤销')
      await row(admin, '撤销授权').waitFor({ state: 'detached' })
      await holder.context().close()
    })
}
