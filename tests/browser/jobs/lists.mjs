// SPDX-License-Identifier: Apache-2.0
// Lists are narrowed as people do it, by place, by a choice and by words, and the rows are those that
// a plain look at all of them finds; every button that prints opens its form, of its place.
import { execFileSync } from 'node:child_process'
import { go, rows, scopeTo, SITE } from '../small-city.mjs'
import { same, skip, until } from '../tap.mjs'
import { hasPoppler } from './filing.mjs'

const ISSUED = 1 // of custody/bags' states

export async function lists(city, people) {
  const { job, county, SITE_NAME } = people

  await job('county office', 'narrows a list by place, by a choice and by words', async () => {
    await go(county, '/papers/boxes')
    await county.getByRole('tab', { name: '试卷袋', exact: true }).click()
    const all = await rows(county, 'custody/bags?limit=2000')
    const listed = (fits) => until(`${all.filter(fits).length} bags`, async () =>
      /(\d+) 行/.exec(await county.textContent('.find > p'))?.[1] === String(all.filter(fits).length))
    const words = county.getByLabel('查找')
    const state = county.getByLabel('状态')
    await listed(() => true)
    await state.selectOption({ label: '已领' })
    await listed((b) => b.state === ISSUED)
    await words.fill(all[0].code.slice(-4).toLowerCase())
    await listed((b) => b.state === ISSUED && b.code.endsWith(all[0].code.slice(-4)))
    await state.selectOption({ label: '全部' })
    await words.fill('已领') // as it is read
    await listed((b) => b.state === ISSUED)
    await words.fill(SITE_NAME)
    await listed((b) => b.destined === SITE)
    await words.fill('')
    await scopeTo(county, SITE_NAME)
    await listed((b) => b.destined === SITE)
    same(new Set(all.map((b) => b.destined)).size > 1, true, 'there are others')
    await county.locator('nav.crumbs').getByRole('button', { name: '虚构第01县', exact: true }).click()
    await listed(() => true)
  })

  await job('county office', 'comes to a long list\'s last row by scrolling', async () => {
    await county.setViewportSize({ width: 1000, height: 700 }) // with a bar for scrolling sideways
    await go(county, '/exam/seats')
    const all = await rows(county, 'arrange/seats?limit=2000')
    same(all.length > 200, true, 'more than one page')
    await county.locator('.el-table-v2__main .el-table-v2__row').first().hover()
    await until('the last row', async () => {
      await county.mouse.wheel(0, 20000)
      return (await county.textContent('.find > p')).includes(` ${all.length} 行`.trim())
    })
    await county.setViewportSize({ width: 1366, height: 768 })
  })

  await prints(city, people)
}

function textOf(pdf) {
  return execFileSync('pdftotext', ['-', '-'], { input: pdf }).toString().replace(/\s/g, '')
}

// The addresses that its buttons open, each once.
async function opened(page, buttons) {
  const asked = []
  await page.context().route('**/api/v1/forms/**', (route) => {
    asked.push(route.request().url())
    return route.fulfill({ body: '' })
  })
  for (const [i, button] of buttons.entries()) {
    await button.click()
    const menu = page.locator('.el-dropdown-menu:visible')
    if ((await button.textContent()).includes('▾')) await menu.locator('li').first().click()
    await until('its form', () => asked.length > i)
    for (const other of page.context().pages()) if (other !== page) await other.close()
    await page.bringToFront()
    await until('the menu to be gone', async () => (await menu.count()) === 0)
  }
  await page.context().unroute('**/api/v1/forms/**')
  return asked
}

async function prints(city, people) {
  const { job, duty, county, chief } = people
  const PAGES = [[duty, '/command/report', 1], [county, '/papers/boxes', 4],
    [county, '/papers/rooms', 4], [county, '/exam/seats', 2], [county, '/sitting/sheets', 1],
    [county, '/sitting/violations', 1], [county, '/sitting/zeros', 1], [chief, '/sitting/day', 1]]
  if (!hasPoppler()) return skip('every office: prints what its pages offer', 'there is no pdftotext')
  const names = new Map((await rows(county, 'places')).map((p) => [p.path, p.name]))

  await job('every office', 'prints what its pages offer', async () => {
    for (const [page, path, n] of PAGES) {
      await go(page, path)
      const at = page.locator('main').getByRole('button', { name: /^打印/ })
      await until(`buttons of ${path}`, async () => (await at.count()) === n)
      const buttons = await at.all(), urls = await opened(page, buttons)
      for (const [i, url] of urls.entries()) {
        const reply = await page.context().request.get(url)
        same(reply.status(), 200, `${path} ${url}: ${await reply.text().catch(() => '')}`)
        const text = textOf(await reply.body())
        const form = (await buttons[i].textContent()).replace(/^打印|▾|\s/g, '')
        const place = names.get(new URL(url).searchParams.get('place')) ?? ''
        same([text.includes(form), text.includes(place)], [true, true], `${url}: ${text.slice(0, 99)}`)
        if (form === '领卷签收表') same(/GK\d{8}/.test(text), page === county, 'numbers of bags')
      }
    }
  })
}
