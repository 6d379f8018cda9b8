// SPDX-License-Identifier: Apache-2.0
// The forms of the fixed terminals, each filled in as somebody at that post would: attendance, bell,
// a step with exceptions, a room's sheet, gate and items, scripts that come back, the secrecy room's
// shift, register and joint check.  What is missing is named at its field; what was recorded is read
// back at an office; every act carries the terminal's own signature.  And what guns and input
// methods do to a field, and that no place is shown as a path.
import { execFileSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { enrol, office, played, SESSION, SITE, STORE } from './city.mjs'
import { badgeIn, entriesOf, gun, gunAt, open, pins } from './desk.mjs'
import { cli, end, freePort, same, serve, test, until } from './tap.mjs'

const folder = mkdtempSync(join(tmpdir(), 'onsite-forms-'))
const data = await played(folder, '2025-06-07T01:10')
const port = freePort(), base = `http://127.0.0.1:${port}`, url = `${base}/onsite/`
const persons = {} // by code
let ask // at an office of the site
let server = await serve(data, port)
let { browser, page } = await open(folder, url, 'site')

const field = (name) => page.locator(`form.act [data-field="${name}"]`)
const fill = (name, text) => field(name).locator('input, textarea').fill(text)
const pick = (name, value) => field(name).locator(`[data-value="${value}"]`).click()
const record = () => page.click('form.act button[type=submit]')
const said = () => page.textContent('form.act [data-say]')
const newest = () => page.$eval('[data-acts] [data-state]', (e) => e.dataset.state)
const acts = () => page.$$eval('[data-acts] li', (l) => l.length)
const focused = () => page.evaluate(() =>
  document.activeElement.closest('[data-field], [data-slot]')?.dataset.field ?? '')
// Nothing covers it, and nobody need scroll.
const inSight = (at) => page.$eval(at, (e) => {
  const box = e.getBoundingClientRect()
  return [box.top + 2, box.bottom - 2].every((y) =>
    e.contains(document.elementFromPoint(box.left + box.width / 2, y)))
})
const to = async (name) => {
  await page.click(`[data-page=${name}]`)
  await page.waitForSelector(`main.${name}`)
}
async function choose(key, command) {
  await page.keyboard.press(key)
  await page.waitForSelector(`form.act[data-command="${command}"]`)
}
// Recorded, and told so.  What was missing before stands there until then.
async function sent() {
  await record()
  let told = ''
  await until('an answer', async () => {
    told = await page.textContent('form.act [data-say]', { timeout: 100 }).catch(() => told)
    return /已送达/.test(told)
  }).catch((e) => { throw new Error(`${e.message}: ${told}`) })
}

// Of room 02, as they were drawn.
async function invigilators() {
  const drawn = (await ask('sitting/draw?limit=99'))
    .filter((d) => d.session === SESSION && d.room === `${SITE}/r02`).map((d) => d.person)
  return Object.keys(persons).filter((code) => drawn.includes(persons[code]))
}

async function begin(place, at, who) {
  const key = await page.getAttribute('[data-pub]', 'data-pub')
  await server.stop()
  enrol(data, key, place)
  const of = pins(data, at)
  for (const code of Object.keys(of)) persons[code] = of[code].person
  server = await serve(data, port)
  await page.waitForSelector('[name=badge]')
  await badgeIn(page, who, of[who].pin)
}

await test('the place has its names, and no page shows a path', async () => {
  await begin(SITE, SITE, 'X01S01-C1')
  ask = await office(data, base, 'X01S01-A1')
  await page.waitForSelector('[data-room]')
  const where = page.locator('[data-where]')
  same((await where.textContent()).replace(/\s/g, ''), '虚构第01县第01考点虚构市›虚构第01县')
  same(await where.getAttribute('title'), SITE)
  for (const name of ['clerk', 'gate', 'guard', 'log', 'desk']) {
    await to(name)
    same(/sc\/cd/.test(await page.evaluate(() => document.body.innerText)), false, name)
  }
})

await test('attendance: what is missing is named, and the next key goes there', async () => {
  await to('clerk')
  await page.selectOption('main.clerk select', SESSION)
  await choose('F2', 'sitting.report_attendance')
  await fill('expected', '９０')
  await fill('absent', '2')
  await record()
  await until('it to be said', async () => (await said()).includes('实考人数：未填'))
  same(await focused(), 'present')
  await fill('present', 'abc')
  await record()
  await until('it to be said', async () => (await said()).includes('实考人数：应为数字'))
  await fill('present', '８８')
  await sent()
})

await test('a bell is rung by its keeper before a second, by their badges', async () => {
  await choose('F3', 'sitting.ring_bell')
  await pick('bell', 'warn')
  await gun(page, 'X01S01-D1')
  await record()
  await until('it to be said', async () => (await said()).includes('还差 1 人的工牌'))
  await gun(page, 'X01S01-D1')
  await until('it to be said', async () => (await said()).includes('已扫过'))
  await gun(page, 'X01S01-I01')
  await sent()
})

await test('a step with an exception: which room, and why', async () => {
  await choose('F1', 'sitting.report_step')
  await page.click('[data-step=ended] button')
  await fill('done', '2')
  await page.click('[data-field=exceptions] [data-add]')
  await record()
  await until('it to be said', async () => (await said()).includes('未填'))
  same(await focused(), 'room')
  await page.selectOption('[data-field=exceptions] [data-field=room] select', `${SITE}/r02`)
  await page.selectOption('[data-field=exceptions] [data-field=code] select', 'late')
  await sent()
  await until('the list', async () =>
    (await page.textContent('[data-step=ended]')).includes('2/3，例外 1'))
})

await test('a room\'s sheet: the room knows its seats, the sum is looked at, guns fill it in', async () => {
  await choose('F4', 'sitting.hand_in_sheet')
  await page.selectOption('[data-field=place] select', `${SITE}/r02`)
  await until('the seats', async () => (await field('expected').locator('input').inputValue()) > 0)
  same((await page.textContent('[data-field=place] option:checked')).trim(), '02 考场')
  await fill('expected', '30')
  await fill('present', '27')
  await fill('absent', '2')
  same((await page.textContent('[data-sum]')).includes('少 1'), true)
  await fill('absent', '3')
  await page.waitForSelector('[data-sum]', { state: 'detached' })
  await page.click('[data-field=absentees] [data-add]')
  await page.focus('[data-field=absentees] input')
  await gunAt(page, 'X01S01R02-03')
  await page.waitForSelector('[data-field=absentees] .line >> nth=1')
  await gunAt(page, 'X01S01R02-04')
  await page.click('[data-field=absentees] .line >> nth=2 >> button')
  await fill('ended_at', '11：30')
  await record()
  await until('it to be said', async () => (await said()).includes('答卷份数：未填'))
  same(await focused(), 'scripts')
  await fill('scripts', '27')
  await page.focus('[data-field=seal] input')
  await gunAt(page, 'HS20251')
  same(await acts(), 3, 'a gun\'s Enter records nothing')
  await fill('remarks', '无异常')
  await record()
  await until('it to be said', async () => (await said()).includes('还差 2 人的工牌'))
  for (const code of await invigilators()) await gun(page, code)
  await sent()
})

await test('a candidate is known and comes in; the gate\'s alarm, items found and stored', async () => {
  await to('gate')
  await page.selectOption('main.gate select', SESSION)
  await page.keyboard.press('F2')
  await gun(page, 'X01S01R01-05')
  await until('the entry', async () => (await page.textContent('main.gate [data-say]'))
    .includes('X01S01R01-05 放行'))
  await page.keyboard.press('F3')
  await gun(page, 'X01S01R01-06')
  await fill('hits', '2')
  await record()
  await until('it to be said', async () => (await said()).includes('未填'))
  same(await focused(), 'cleared')
  await pick('cleared', 'true')
  await record()
  for (const [key, command] of [['F4', 'find'], ['F5', 'store']]) {
    await until('the box', async () => page.isVisible('main.gate > .scan'))
    await page.keyboard.press(key)
    await gun(page, 'X01S01R01-06')
    await page.waitForSelector(`form.act[data-command="sitting.${command}_item"]`)
    await pick('kind', 'hearing_aid')
    if (command === 'store') await fill('locker', 'Ｌ－０１２')
    await record()
  }
  await until('all to be sent', async () => (await acts()) >= 6 && (await newest()) === 'sent')
})

await test('scripts come back: bag, new seal, two badges, room, and both counts', async () => {
  await to('desk')
  await page.selectOption('main.desk select', SESSION)
  await page.keyboard.press('F3')
  for (const text of ['DJ0001', 'HS0001', ...await invigilators(), '27', '3']) await gun(page, text)
  await until('it', async () => /已收 DJ0001|未受理/.test(await page.textContent('[data-say]')))
  same((await page.textContent('[data-say]')).includes('02 考场 已收 DJ0001'), true,
    await page.textContent('[data-say]'))
  same(await page.getAttribute('[data-room="02"]', 'data-state'), 'back')
})

// ---- guns and input methods ----

await test('a gun that types at a button, or into another field, is heard all the same', async () => {
  await page.keyboard.press('F2')
  await page.focus('[data-page=desk]')
  await gunAt(page, 'SJ7777')
  await until('the bag', async () => (await page.textContent('.built')).includes('SJ7777'))
  await page.keyboard.press('Escape')
  await to('clerk')
  await choose('F3', 'sitting.ring_bell')
  await choose('F2', 'sitting.report_attendance')
  await fill('expected', '30')
  await page.focus('[data-field=expected] input')
  await gunAt(page, 'X01S01-I01')
  same(await field('expected').locator('input').inputValue(), '30', 'as it was')
})

const scanBox = () => page.inputValue('[data-scan]')
const line = () => page.context().newCDPSession(page)
const bag = () => page.$eval('.built dd', (e) => e.textContent)

async function enter(cdp, atMs) {
  for (const type of ['keyDown', 'keyUp'])
    await cdp.send('Input.dispatchKeyEvent', { type, key: 'Enter', code: 'Enter', timestamp: atMs,
      windowsVirtualKeyCode: 13, ...(type === 'keyDown' ? { text: '\r' } : {}) })
}

await test('Enter inside a composition is the input method\'s: nothing is taken', async () => {
  await to('desk')
  await page.keyboard.press('F2')
  await page.focus('[data-scan]')
  const cdp = await line()
  await cdp.send('Input.imeSetComposition', { text: 'ｓｊ１', selectionStart: 3, selectionEnd: 3 })
  await enter(cdp, Date.now() / 1000)
  same(await bag(), '—', 'inside')
  await cdp.send('Input.insertText', { text: 'ｓｊ１２３' })
  same(await bag(), '—', 'when it is over')
  same(await scanBox(), 'ｓｊ１２３')
  await enter(cdp, Date.now() / 1000 + 1)
  await until('the number', async () => (await bag()) === 'SJ123' ||
    (await page.textContent('[data-say]')).includes('SJ123'))
  await page.keyboard.press('Escape')
  await cdp.detach()
})

await test('full-width letters, digits and signs become half-width', async () => {
  await page.focus('[data-scan]')
  await page.keyboard.insertText('　ＧＫ－２０２５ａ００１')
  await page.keyboard.press('Enter')
  await until('the bag', async () => (await bag()) === 'GK-2025A001')
  await page.keyboard.press('Escape')
})

await test('a composition that is given up leaves nothing behind', async () => {
  await page.focus('[data-scan]')
  const cdp = await line()
  await cdp.send('Input.imeSetComposition', { text: 'shi', selectionStart: 3, selectionEnd: 3 })
  await cdp.send('Input.imeSetComposition', { text: '', selectionStart: 0, selectionEnd: 0 })
  await cdp.detach()
  await gun(page, 'SJ42')
  await until('the bag', async () => (await bag()) === 'SJ42')
  await page.keyboard.press('Escape')
})

// ---- the secrecy room ----

await test('a guard comes on post, and is seen there', async () => {
  await browser.close();
  ({ browser, page } = await open(folder, url, 'store'))
  await begin(STORE, 'sc/cd/x01', 'X01-G5')
  await to('guard')
  same(/sc\/cd/.test(await page.evaluate(() => document.body.innerText)), false, 'a path')
  await choose('F4', 'custody.guard_on')
  await gun(page, 'X01-G6')
  await record()
  await until('it to be said', async () => (await said()).includes('岗位：未填'))
  await pick('duty', 'guard')
  await sent()
  await until('her', async () => (await page.textContent('main.guard .watch')).includes('X01-G6'))
})

await test('whoever enters stands in the register, and leaves by it', async () => {
  await choose('F2', 'custody.enter_room')
  const inside = async () => Number(await page.textContent('[data-inside]'))
  const before = await inside()
  await page.selectOption('[data-field=purpose] select', 'check')
  await record()
  await until('it to be said', async () => (await said()).includes('未填'))
  same(await focused(), 'phone_left')
  await pick('phone_left', 'true')
  await gun(page, 'X01-K1')
  await sent()
  await until('one inside', async () => (await inside()) === before + 1)
  await choose('F3', 'custody.leave_room')
  await gun(page, 'X01-K1')
  await sent()
  await until('nobody more', async () => (await inside()) === before)
})

await test('the half day\'s joint check is signed by three, and a shift ends', async () => {
  await choose('F6', 'custody.joint_check')
  await record()
  await until('it to be said', async () => (await said()).includes('未填'))
  same(await inSight('form.act button[type=submit]'), true, 'the button below what was said')
  await pick('sound', 'true')
  await until('nothing to be missing', async () =>
    await page.locator('form.act .wrong, form.act [data-say]').count() === 0)
  await record()
  await until('it to be said', async () => (await said()).includes('还差 1 人的工牌'))
  await pick('sound', 'false')
  same((await said()).includes('还差 1 人的工牌'), true, 'what was not filled in is still missing')
  await pick('sound', 'true')
  for (const code of ['X01-O1', 'X01-P1', 'X01-S1']) await gun(page, code)
  await sent()
  await choose('F5', 'custody.guard_off')
  await gun(page, 'X01-G6')
  await sent()
  await until('her to be gone', async () =>
    !(await page.textContent('main.guard .watch .people-list:last-of-type')).includes('X01-G6'))
})

await test('an office reads it back', async () => {
  const of = (l) => l.filter((x) => x.place === SITE || x.site === SITE)
  const bells = of(await ask('sitting/bells?limit=99'))
  same(bells.some((b) => b.bell === 4 || b.bell === 'warn'), true, 'bells')
  const step = of(await ask('sitting/steps?limit=99')).find((s) => s.exceptions)
  same([step.done, step.planned, step.exceptions], [2, 3, 1], 'step')
  const [sheet] = await ask('sitting/sheets?limit=99')
  same([sheet.room, sheet.expected, sheet.present, sheet.absent, sheet.scripts],
    [`${SITE}/r02`, 30, 27, 3, 27], 'sheet')
  same((await ask('sitting/absentees?limit=99')).map((x) => x.candidate).sort(),
    ['X01S01R02-03', 'X01S01R02-04'], 'absent')
  same((await ask('sitting/items?limit=99')).map((x) => [x.candidate, x.kind]),
    [['X01S01R01-06', 'hearing_aid'], ['X01S01R01-06', 'hearing_aid']], 'items')
})

await test('each act stands in the ledger once, as its terminal signed it', async () => {
  await browser.close()
  await server.stop()
  const ours = (type) => entriesOf(data, type).filter((e) => e.act?.link)
  const of = { 'sitting.attendance_reported': 1, 'sitting.bell_rung': 1, 'sitting.step_reported': 1,
    'sitting.entered': 1, 'sitting.gate_passed': 1, 'sitting.item_found': 1,
    'sitting.item_stored': 1, 'custody.guard_posted': 1, 'custody.guard_left': 1,
    'custody.joint_checked': 1 }
  for (const type of Object.keys(of)) same(ours(type).length, of[type], type)
  const a = ours('sitting.attendance_reported')[0]
  same([a.data.expected, a.data.present, a.data.absent], [90, 88, 2])
  same(ours('sitting.bell_rung')[0].slots.map((s) => s.person),
    [persons['X01S01-D1'], persons['X01S01-I01']], 'who rang')
  same(ours('sitting.item_stored')[0].data.locker, 'L-012')
  execFileSync(process.env.GONGYUAN_AUDIT, [data], { stdio: ['ignore', 'pipe', 'pipe'] })
  cli('db', 'doctor', '--data', data)
})

end()
