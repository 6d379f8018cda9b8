// SPDX-License-Identifier: Apache-2.0
// The county office: staff are imported, first looked at, errors by row; the sites' readiness.
import { go, newest, recorded, rows, SITE } from '../small-city.mjs'
import { same } from '../tap.mjs'

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
