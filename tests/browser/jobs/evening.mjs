// SPDX-License-Identifier: Apache-2.0
// The evening: the one unbalanced room is found, zero-reports go up and out as a spreadsheet; the
// auditor follows a bag, an alarm and a person, and asks whether the book is whole.
import { readFileSync } from 'node:fs'
import { ask, go, recorded, row, rows, send, SHORT, SITE, under } from '../small-city.mjs'
import { cliJson, same, until } from '../tap.mjs'
import { sheet } from '../xlsx.mjs'

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

  const file = await takesAway(city, people, county)
  await auditor(city, people, bag, file)
}

// What a list says on the screen, in a file that leaves the office: words, numbers, its trace.
async function takesAway(city, people, county) {
  const { job, who, OFFICE, SITE_NAME } = people
  let trace

  await job('county office', 'takes the zero-reports of a session away as a spreadsheet', async () => {
    await go(county, '/sitting/zeros')
    await county.getByLabel('科次').selectOption({ label: '数学' })
    const button = county.getByRole('button', { name: '导出 XLSX' })
    let file
    trace = await recorded(city, 'vault.exported', async () => {
      const [download] = await Promise.all([county.waitForEvent('download'), button.click()])
      same(download.suggestedFilename(), 'duty-zeros.xlsx')
      file = sheet(readFileSync(await download.path()))
    })
    const [title, note, heads, ...told] = file.filter((r) => r.length)
    const { columns } = (await ask(county, 'catalogue')).views.find((v) => v.path === 'duty/zeros')
    const listed = await rows(county, 'duty/zeros?session=d1-maths')
    same([title[0], /依据台账前 \d+ 条/.test(note[0]), heads],
      ['【演练】零报告', true, columns.map((c) => c.zh)], 'its head')
    same(told.length, listed.length, 'rows')
    const at = (name) => columns.findIndex((c) => c.name === name)
    const mine = listed.findIndex((r) => r.place === SITE)
    same([told[mine][at('session')], told[mine][at('place')].startsWith(SITE_NAME)],
      ['数学', true], 'words')
    for (const name of ['expected', 'present', 'absent', 'violations', 'spares'])
      same(told.map((r) => r[at(name)]), listed.map((r) => r[name]), name)
    same([who(trace), trace.data.rows], [OFFICE, listed.length], 'its trace')
  })
  return trace
}

async function auditor(city, people, bag, file) {
  const { job } = people
  const page = await people.deskOf('SC1-C1')
  const entryShown = async () => {
    await page.waitForSelector('.entry h2')
    return Number(/#(\d+)/.exec(await page.textContent('.entry h2'))[1])
  }

  await job('auditor', 'asks whether the book is whole, and is told in words', async () => {
    await go(page, '/audit/ledger')
    const card = page.locator('main .card').first()
    await until('the answer', async () => (await card.textContent()).includes('与存证点相符'))
    await page.locator('.entries li a').first().click()
    const e = cliJson('ledger', 'show', String(await entryShown()), '--data', city.data)
    await until('its hash', async () => (await page.textContent('main')).includes(e.leaf))
  })

  await job('auditor', 'follows a bag himself, each line an entry of the ledger', async () => {
    await go(page, '/audit/trace')
    await page.getByLabel('编号').fill(bag)
    await page.keyboard.press('Enter')
    await page.waitForSelector('.life li')
    const shown = await page.locator('.life li > :last-child').allTextContents()
    const told = cliJson('custody', 'trace', bag, '--data', city.data)
    same(shown.map((t) => Number(t.replace(/\D/g, ''))), told.steps.map((s) => s.index))
    same(/另有 \d+ 步/.test(await page.textContent('.life')), false, 'withheld')
    await page.locator('.life li a').last().click()
    same(await entryShown(), told.steps[told.steps.length - 1].index)
    await page.getByRole('button', { name: '显示存证证明' }).click()
    await until('its proof', async () =>
      (await page.locator('.entry pre').textContent()).startsWith('c2sp.org/tlog-proof'))
  })

  await job('auditor', 'sees what was closed as a false alarm, why and by whom', async () => {
    await go(page, '/audit/alarms')
    await page.getByLabel('办结原因').selectOption({ label: '误报' })
    await until('that one alone', async () => (await row(page, '').count()) === 1)
    const id = String(people.falseAlarm)
    same([await under(page, id, '误报原因'), await under(page, id, '办结人'),
      await under(page, id, '复核人')], ['测试', 'CD1-D1', 'CD1-L1'])
    const told = (await rows(page, 'alarm/alarms?reason=false_alarm')).map((a) => a.id)
    same(told, [people.falseAlarm])
    await row(page, id).getByRole('link', { name: id, exact: true }).click()
    await page.getByRole('heading', { name: '告警' }).first().waitFor()
    const life = (await rows(page, `alarm/steps?alarm=${id}`)).length
    await until('its life', async () => (await page.locator('.el-drawer li').count()) >= life)
  })

  await job('auditor', 'sees who took what away, and what a person holds', async () => {
    await go(page, '/audit/openings')
    await page.getByRole('tab', { name: '导出' }).click()
    await page.getByLabel('人员').fill('X01-O1')
    await page.getByLabel('人员').press('Enter')
    const id = `#${file.idx}`
    await row(page, String(file.idx)).waitFor()
    same([await under(page, String(file.idx), '行数'), await under(page, String(file.idx), '导出人')],
      [String(file.data.rows), 'X01-O1'], id)
    const [told] = await rows(page, `vault/exports?person=X01-O1`)
    same([told.id, told.rows, told.hash], [file.idx, file.data.rows, file.data.hash])
    await row(page, String(file.idx)).getByRole('link', { name: 'X01-O1' }).click()
    await page.waitForSelector('.life li')
    const grants = await rows(page, 'authority/grants?person=X01-O1')
    same(await page.locator('.life li').count(), grants.length, 'roles')
    same((await page.textContent('.life')).includes('考务办'), true, await page.textContent('.life'))
  })
}
