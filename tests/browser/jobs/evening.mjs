// SPDX-License-Identifier: Apache-2.0
// The evening: the one unbalanced room is found, zero-reports go up; the
// auditor follows a bag and asks whether the book is whole.
import { fill, go, recorded, rows, send, SHORT, SITE } from '../small-city.mjs'
import { cliJson, same, until } from '../tap.mjs'

export async function evening(city, people) {
  const { job, who, slots, CHIEF } = people
  const county = await people.deskOf('X01-O1'), chief = await people.deskOf('X01S01-A1')
  let bag = ''

  await job('county office', 'the one unbalanced room is found in three clicks', async () => {
    await go(county, '/desk')
    await county.getByRole('link', { name: '半日对账' }).first().click() // one
    await county.waitForSelector('h1:has-text("半日对账")')
    const odd = county.locator('.card.odd')
    if (!await odd.count()) await county.locator('main select').first().selectOption({ index: 1 }) // two, three
    await odd.waitFor()
    const text = (await odd.textContent()).replace(/\s+/g, ' ')
    same([text.includes('第01考点 第02考场'), /少 ?1/.test(text)], [true, true], text)
    bag = (await odd.locator('a').first().textContent()).trim()
    const told = (await rows(county, 'custody/bags')).find((b) => b.code === bag)
    same(told.room, SHORT, 'the bag of that room')
  })

  await job('site chief', 'reports the half day, nothing to report being said', async () => {
    await go(chief, '/sitting/zeros')
    await chief.getByRole('button', { name: '考点零报告' }).click()
    const form = chief.locator('.el-drawer form')
    await form.locator('input').first().waitFor()
    same(await form.getByLabel(/^\s*应考人数/).inputValue() !== '', true, 'known numbers are there')
    for (const label of ['启用备用卷份数', '听力异常考场数', '保密室', '特批项数'])
      await form.getByLabel(new RegExp(`^\\s*${label}`)).fill('0')
    const e = await recorded(city, 'duty.site_reported', () => send(form))
    same([who(e), e.place, e.data.listening_faults, slots(e)[0][2]], [CHIEF, SITE, 0, CHIEF])
  })

  await auditor(city, people, bag, county)
}

async function auditor(city, people, bag, county) {
  const { job } = people
  const page = await people.deskOf('SC1-C1')

  await job('auditor', 'asks whether the book is whole, and is told in words', async () => {
    await go(page, '/audit/ledger')
    const card = page.locator('main .card').first()
    await until('the answer', async () => (await card.textContent()).includes('与存证点相符'))
    const first = page.locator('.entries li a').first()
    await first.click()
    await page.waitForSelector('h1:has-text("追溯")')
    const n = Number((await page.textContent('main h2')).replace(/\D/g, ''))
    const e = cliJson('ledger', 'show', String(n), '--data', city.data)
    await until('its hash', async () => (await page.textContent('main')).includes(
      e.leaf.slice(0, 16)))
  })

  await job('auditor', 'follows a bag, each line an entry of the ledger', async () => {
    const page = county // an auditor is not told where papers are
    await go(page, '/audit/trace')
    await page.getByLabel('编号').fill(bag)
    await page.keyboard.press('Enter')
    await page.waitForSelector('.life li')
    const shown = await page.locator('.life li > :last-child').allTextContents()
    const told = cliJson('custody', 'trace', bag, '--data', city.data)
    same(shown.map((t) => Number(t.replace(/\D/g, ''))), told.steps.map((s) => s.index))
    await page.locator('.life li a').last().click()
    await until('the entry', async () => /#?\d+/.test(await page.textContent('main h2')))
  })

  await job('auditor', 'sees what was closed as a false alarm, and by whom', async () => {
    await go(page, '/audit/alarms')
    await until('the list', async () => (await page.textContent('main')).length > 20)
  })
}
