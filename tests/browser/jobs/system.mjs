// SPDX-License-Identifier: Apache-2.0
// The administrators: a terminal is enrolled by two and revoked, a place is added; a role is given
// by two.
import { act, desk, fill, go, pins, recorded, send, sign, SITE } from '../small-city.mjs'
import { same } from '../tap.mjs'

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

  let grant
  await job('security administrator', 'a role is given by two', async () => {
    await go(security, '/system/grants')
    await security.getByRole('button', { name: '授权', exact: true }).click()
    const form = security.locator('.el-drawer form')
    await fill(form, { 人员: 'X01-T1', 角色: '值班员', 范围: '虚构第01县' })
    await sign(form, 1, 'SC1-A1', '工牌', people.pin['SC1-A1'])
    const given = await recorded(city, 'authority.granted', () => send(form))
    same([who(given), given.data.role, given.data.place, slots(given).map((s) => s[2]).sort()],
      [B, 'duty_officer', 'sc/cd/x01', [A, B]])
    grant = given
  })

  await job('security administrator', 'a role is found by the staff code, and taken away by two',
    async () => {
      await security.getByLabel('查找').fill('X01-T1')
      await act(security, String(grant.idx), '撤销授权')
      const form = security.locator('.el-drawer form')
      await sign(form, 1, 'SC1-A1', '工牌', people.pin['SC1-A1'])
      const e = await recorded(city, 'authority.revoked', () => send(form))
      same([who(e), e.data.grant, slots(e).length], [B, grant.idx, 2])
    })
}
