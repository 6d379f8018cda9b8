// SPDX-License-Identifier: Apache-2.0
// A terminal at the issue desk, from the box that it came in to the end of a bad morning: it is
// enrolled, bags are issued by gun and by hand, the server dies in the middle, the page is loaded
// again, the browser is closed and opened, an answer is lost.  Afterwards the ledger holds what was
// done, each once.
import { execFileSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { badgeIn, enrol, entriesOf, gun, hand, morning, open, pins, SITE, STORE } from './desk.mjs'
import { cli, end, freePort, same, serve, test, until } from './tap.mjs'

const folder = mkdtempSync(join(tmpdir(), 'onsite-'))
const { data, issues, foreign } = morning(folder)
const port = freePort(), url = `http://127.0.0.1:${port}/onsite/`
const NOTE = '考生腹痛，校医到场'
const codes = {} // of persons, by number
let server = await serve(data, port)
let { browser, page } = await open(folder, url)

const unsent = async () => Number((await page.textContent('[data-unsent]')).replace(/\D/g, ''))
const said = () => page.textContent('[data-say]')
const tile = (room) => page.getAttribute(`[data-room="${room}"]`, 'data-state')
const states = () => page.$$eval('[data-acts] [data-state]', (l) => l.map((e) => e.dataset.state))
const room = (path) => path.split('/').pop().replace(/^\D+/, '')
async function issue(bag, at, people) {
  await gun(page, bag)
  for (const p of people) await gun(page, codes[p])
  await gun(page, room(at))
}

await test('a drill cannot be taken for an examination', async () => {
  await page.waitForSelector('[data-drill]')
  same((await page.textContent('[data-drill]')).includes('【演练】'), true)
})

await test('a terminal shows its key, and goes on when two have enrolled it', async () => {
  const key = await page.getAttribute('[data-pub]', 'data-pub')
  same((await page.textContent('[data-words]')).replace(/\s/g, '').length, 8)
  await server.stop()
  enrol(data, key, SITE)
  const pin = pins(data, SITE)
  for (const code of Object.keys(pin)) codes[pin[code].person] = code
  server = await serve(data, port)
  await page.waitForSelector('[name=badge]')
  await badgeIn(page, 'S01-02', pin['S01-02'].pin)
  await page.waitForSelector('[data-room]')
})

await test('a bag, two badges, a room: by gun, and it is in the ledger', async () => {
  await issue(issues[0].bag, issues[0].room, issues[0].people)
  await until('the first bag', async () => (await said()).includes('已发'))
  same(await tile(room(issues[0].room)), 'out')
})

await test('another site\'s bag is said at once, in words, and recorded as seen here', async () => {
  await issue(foreign, issues[1].room, issues[1].people)
  await until('the refusal', async () => (await said()).includes('不在本考点'))
  await until('the room to wait again', async () => (await tile(room(issues[1].room))) === 'none')
  await until('both to be there', async () => (await unsent()) === 0)
})

await test('full width, from a Chinese keyboard, is the same number', async () => {
  const wide = issues[1].bag.replace(/./g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0))
  await page.focus('[data-scan]')
  await page.keyboard.insertText(wide)
  await page.keyboard.press('Enter')
  await until('the bag', async () => (await page.textContent('.built')).includes(issues[1].bag))
  await page.keyboard.press('Escape')
})

await test('the office reports a step with all its rooms by one key', async () => {
  await page.click('[data-page=clerk]')
  await page.waitForSelector('[data-all]:not([disabled])')
  await page.keyboard.press('F9')
  await page.waitForSelector('.done[data-step=staff_in]')
})

await test('at the gate a scan is a candidate, and a doubtful one goes in', async () => {
  await page.click('[data-page=gate]')
  await gun(page, 'K0001')
  await until('the first', async () => (await said()).includes('K0001 放行'))
  await page.keyboard.press('F6')
  await gun(page, 'K0002')
  await page.click('[data-field=reason] [data-value=no_card]')
  await gun(page, 'S01-11')
  await gun(page, 'S01-01')
  await page.click('form.act button[type=submit]')
  await until('both', async () => (await states()).filter((s) => s === 'sent').length > 1)
})

await test('the server dies: what is done is saved here, and says so', async () => {
  await server.kill()
  await page.click('[data-page=clerk]')
  await page.keyboard.press('F5')
  await page.selectOption('[data-field=place] select', issues[0].room)
  await page.selectOption('[data-field=kind] select', 'illness')
  await page.fill('[data-field=note] textarea', NOTE)
  await page.click('form.act button[type=submit]')
  await until('the incident', async () => (await unsent()) === 1)
  await page.click('[data-page=desk]')
  await issue(issues[1].bag, issues[1].room, issues[1].people)
  await until('it to be kept', async () => (await said()).includes('已存本机'))
  same(await unsent(), 2)
  same((await states())[0], 'here')
})

await test('a number typed by hand is typed twice', async () => {
  await hand(page, issues[2].bag)
  await until('the question', async () => (await said()).includes('再输入一遍'))
  await hand(page, issues[2].bag)
  for (const p of issues[2].people) await gun(page, codes[p])
  await gun(page, room(issues[2].room))
  await until('the second', async () => (await unsent()) === 3)
})

await test('without a server the page loads again, and has it all', async () => {
  await page.reload()
  await page.waitForSelector('[data-room]')
  same(await unsent(), 3)
  same(await tile(room(issues[2].room)), 'out')
})

await test('an unknown number is taken without a line, too', async () => {
  await issue('GK0000001', issues[2].room, issues[2].people)
  await until('the fourth', async () => (await unsent()) === 4)
})

await test('the browser is closed and opened with the same profile: nothing is lost', async () => {
  await browser.close();
  ({ browser, page } = await open(folder, url))
  await page.waitForSelector('[data-room]')
  same(await unsent(), 4)
})

await test('an answer that is lost on the way: the same keys are sent again', async () => {
  let lost = 0
  await page.route('**/api/v1/acts', async (route) => {
    if (lost++) return route.continue()
    await route.fetch()
    return route.abort()
  })
  server = await serve(data, port)
  await until('nothing to be only here', async () => (await unsent()) === 0)
  same(lost > 1, true, 'sent again')
})

await test('at the secrecy room: who is in, who is on post, and a patrol by two', async () => {
  await browser.close();
  ({ browser, page } = await open(folder, url, 'store'))
  const key = await page.getAttribute('[data-pub]', 'data-pub')
  await server.stop()
  enrol(data, key, STORE)
  const pin = pins(data, 'sc/cd/jn', 'P0020')
  server = await serve(data, port)
  await page.waitForSelector('[name=badge]')
  await badgeIn(page, 'P0020', pin.P0020.pin)
  await page.click('[data-page=guard]')
  await until('guards on post', async () => (await page.textContent('[data-guards]')) !== '0')
  await until('a patrol that is due', async () =>
    /\d\d:\d\d/.test(await page.textContent('[data-due="custody.patrol"] b')))
  await page.click('[data-field=sound] [data-value=true]')
  await gun(page, 'P0024')
  await gun(page, 'P0025')
  await page.click('form.act button[type=submit]')
  await until('it to be sent', async () => (await states())[0] === 'sent')
})

await test('a page whose file does not come is fetched until it does', async () => {
  const context = await page.context().browser().newContext({ serviceWorkers: 'block' })
  const other = await context.newPage()
  let lost = 0
  await other.route('**/assets/EnrolPage*.js', (r) => lost++ < 2 ? r.abort() : r.continue())
  await other.goto(`http://127.0.0.1:${port}/onsite/`)
  await other.waitForSelector('[data-words]')
  same(lost, 3)
  await context.close()
})

await test('the ledger holds what was done, and nothing twice', async () => {
  await browser.close()
  await server.stop()
  const here = entriesOf(data, 'custody.bag_issued').filter((e) => e.place === SITE)
  same(here.map((e) => [e.data.bag, e.data.room, e.slots.map((s) => s.person)]),
    issues.map((i) => [i.bag, i.room, i.people]))
  const refused = entriesOf(data, 'order.refused').filter((e) => e.act?.link).map((e) => e.act.data.bag)
  same(refused, [foreign, 'GK0000001'], 'refused')
  same(entriesOf(data, 'custody.bag_seen').map((e) => e.data.bag), [foreign], 'seen')
  same(entriesOf(data, 'custody.object_found').map((e) => e.data.code), ['GK0000001'], 'found')
  const ours = (type) => entriesOf(data, type).filter((e) => e.act?.link)
  same(ours('sitting.step_reported').map((e) => [e.data.step, e.data.done]),
    [['staff_in', issues.length]], 'steps')
  same(ours('sitting.gate_passed').map((e) => e.data.candidate), ['K0001'], 'gate')
  same(ours('sitting.doubt_opened').map((e) => e.data.candidate), ['K0002'], 'doubtful')
  same(ours('custody.patrolled').map((e) => e.slots.length), [2], 'patrol')
  const told = ours('sitting.incident_reported')
  same(told.map((e) => Object.keys(e.data.note)), [['mac', 'vault']], 'incident')
  same(JSON.stringify(told).includes(NOTE), false, 'the text is in the vault')
})

await test('an auditor from outside agrees', async () => {
  execFileSync(process.env.GONGYUAN_AUDIT, [data], { stdio: ['ignore', 'pipe', 'pipe'] })
  cli('db', 'doctor', '--data', data)
})

end()
