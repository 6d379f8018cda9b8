// SPDX-License-Identifier: Apache-2.0
// Lists are narrowed as people do it, by place, by a choice and by words, and the rows are those that
// a plain look at all of them finds; every button that prints opens its form, of its place.
import { execFileSync } from 'node:child_process'
import { go, rows, scopeTo, SITE, tabTo } from '../small-city.mjs'
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
    await county.locator('.lines > .line').first().hover()
    await until('the last row', async () => {
      await county.mouse.wheel(0, 20000)
      return (await county.textContent('.find > p')).includes(` ${all.length} 行`.trim())
    })
    await county.setViewportSize({ width: 1366, height: 768 })
  })

  await job('county office', 'goes through a long list by keyboard alone', async () => {
    await go(county, '/exam/seats')
    const all = await rows(county, 'arrange/seats?limit=2000')
    const lines = county.locator('.lines > .line')
    await lines.first().waitFor()
    await tabTo(county, (e) => e.getAttribute('role') === 'table')
    const drawn = async (at) => {
      const places = await lines.evaluateAll((l) => l.map((e) => Number(e.ariaRowIndex)))
      same(places.length < 60, true, 'only what is in sight is drawn')
      return places.includes(at + 1) // the header is the first
    }
    await until('the last row', async () => {
      await county.keyboard.press('End')
      return drawn(all.length)
    })
    await county.keyboard.press('Home')
    await until('the first row', () => drawn(1))
    await tabTo(county, (e) => e.matches('.lines a'))
    await county.keyboard.press('Enter')
    await county.waitForURL(/#\/audit\/trace\/code:/)
  })

  await prints(city, people)
}

function textOf(pdf) {
  return execFileSync('pdftotext', ['-', '-'], { input: pdf }).toString().replace(/\s/g, '')
}

// What its buttons print, as they are called, and the addresses that they open, each once.
async function opened(page, buttons) {
  const asked = []
  await page.context().route('**/api/v1/forms/**', (route) => {
    asked.push({ url: route.request().url() })
    return route.fulfill({ body: '' })
  })
  for (const [i, button] of buttons.entries()) {
    const name = await button.textContent()
    await button.click()
    const menu = page.locator('.el-dropdown-menu:visible')
    if (name.includes('▾')) await menu.locator('li').first().click()
    await until(`what ${name} opens`, () => asked.length > i)
    asked[i].name = name.replace(/^打印|▾|\s/g, '')
    for (const other of page.context().pages()) if (other !== page) await other.close()
    await page.bringToFront()
    await until('the menu to be gone', async () => (await menu.count()) === 0)
  }
  await page.context().unroute('**/api/v1/forms/**')
  return asked
}

const PRINTED = {
  '/command/report': ['day-report'],
  '/papers/boxes': ['handover', 'issue-sheet', 'spare', 'box-labels'],
  '/papers/rooms': ['store-log', 'joint-check', 'keys', 'replay'],
  '/exam/seats': ['door-sheet', 'seat-map'],
  '/sitting/sheets': ['room-record'],
  '/sitting/violations': ['violation'],
  '/sitting/zeros': ['zero-report'],
  '/sitting/day': ['issue-sheet'],
}

async function prints(city, people) {
  const { job, duty, county, chief } = people
  const whose = (path) => ({ '/command/report': duty, '/sitting/day': chief })[path] ?? county
  if (!hasPoppler()) return skip('every office: prints what its pages offer', 'there is no pdftotext')
  const names = new Map((await rows(county, 'places')).map((p) => [p.path, p.name]))

  await job('every office', 'prints what its pages offer', async () => {
    for (const [path, forms] of Object.entries(PRINTED)) {
      const page = whose(path)
      await go(page, path)
      const at = page.locator('main').getByRole('button', { name: /^打印/ })
      await until(`buttons of ${path}`, async () => (await at.count()) === forms.length)
        .catch(async (e) => { throw new Error(`${e.message}: ${await at.allTextContents()}`) })
      const asked = await opened(page, await at.all())
      const form = (url) => new URL(url).pathname.split('/').pop()
      same(asked.map((a) => form(a.url)), forms, `${path}, ${asked.map((a) => a.name)}`)
      for (const { url, name } of asked) {
        const reply = await page.context().request.get(url)
        same(reply.status(), 200, `${path} ${url}: ${await reply.text().catch(() => '')}`)
        const text = textOf(await reply.body())
        const place = names.get(new URL(url).searchParams.get('place')) ?? ''
        for (const word of [name, place])
          same(text.includes(word), true, `${path}, ${url}: ${word} in ${text.slice(0, 300)}`)
        if (form(url) === 'issue-sheet')
          same(/GK\d{8}/.test(text), page === county, 'numbers of bags')
      }
    }
  })
}
