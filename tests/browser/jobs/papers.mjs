// SPDX-License-Identifier: Apache-2.0
// Boxes are handed over in the console, two by two, each side counting: unequal counts are recorded,
// nothing moves and the county hears of it; equal ones move the box and its bags.  It goes to a
// vehicle and comes back, so that the rest of the day finds it in its room.
import { fill, fromPaper, go, queued, recorded, rows, send, sign, STORE } from '../small-city.mjs'
import { same, until } from '../tap.mjs'

const STORE_NAME = '虚构第01县保密室', VEHICLE = 'X01-V02'
const KEEPERS = ['X01-K1', 'X01-K2'], COURIERS = ['X01-C01', 'X01-C02']

export async function papers(city, people) {
  const { job, who, slots, county, duty, numberOf } = people
  const keeper = await people.deskOf('X01-K1'), KEEPER = await numberOf(keeper)
  const boxOf = async () => (await rows(county, 'custody/boxes')).find((b) => b.code === box.code)
  const holders = async () => (await rows(county, `custody/bags?box=${box.code}`)).map((b) => b.holder)

  const box = fromPaper(city, 'custody.box_registered', (d) => d.session === 'd1-maths').pop()
  const bags = (await holders()).length

  // As at the counter: who gives, who takes, the box, what each side counted, who signs.
  async function handOver(from, to, given, received) {
    await go(keeper, '/papers/hand-over')
    const form = keeper.locator('main form.form')
    await fill(form, { 交方: from === VEHICLE ? VEHICLE : STORE_NAME })
    await fill(form, { 接方: to === VEHICLE ? VEHICLE : STORE_NAME })
    await form.getByRole('button', { name: box.code }).click()
    await form.getByLabel(`交方清点（袋） ${box.code}`).fill(String(given))
    await form.getByLabel(`接方清点（袋） ${box.code}`).fill(String(received))
    await form.getByLabel(`所见封条号 ${box.code}`).fill(box.seal)
    await form.locator('table.boxes').getByLabel('是', { exact: true }).check()
    const [give, take] = from === VEHICLE ? [COURIERS, KEEPERS] : [KEEPERS, COURIERS]
    for (const [i, code] of [...give, ...take].entries()) await sign(form, i, code)
    return form
  }

  await job('keeper', 'hands a box over: unequal counts move nothing and the county hears', async () => {
    const form = await handOver(STORE, VEHICLE, bags, bags - 1)
    same((await form.locator('tr.bad [role=alert]').textContent()).includes('两方清点不一致'), true,
      'seen before it is sent')
    const e = await recorded(city, 'custody.handover_disputed', () => send(form))
    same([who(e), e.place, e.data.boxes[0].box, e.data.boxes[0].given, e.data.boxes[0].received,
      slots(e).length], [KEEPER, STORE, box.code, bags, bags - 1, 4])
    const [open] = (await rows(county, `custody/disputes?box=${box.code}`))
    same([open.given, open.received], [bags, bags - 1], 'the dispute')
    same([(await boxOf()).holder, [...new Set(await holders())]], [STORE, [STORE]], 'who holds it')
    await until('it to stand beside the form', async () => (await keeper.textContent('main aside'))
      .includes(`交方 ${bags} 袋，接方 ${bags - 1} 袋`))
    await queued(county, '交接清点数不一致', box.code)
    const alarm = (await rows(duty, 'alarm/alarms')).find((a) => a.rule === 'custody.counts_differ')
    same([alarm.place, alarm.subject, alarm.cause], [STORE, box.code, e.idx], 'the alarm')
  })

  await job('keeper', 'hands it over: counts agree, and box and bags are the vehicle\'s', async () => {
    const form = await handOver(STORE, VEHICLE, bags, bags)
    same(await form.locator('tr.bad').count(), 0, 'nothing is wrong')
    const e = await recorded(city, 'custody.handed_over', () => send(form))
    same([who(e), e.place, e.data.from, e.data.to, slots(e).length],
      [KEEPER, STORE, STORE, VEHICLE, 4])
    same([(await boxOf()).holder, [...new Set(await holders())]], [VEHICLE, [VEHICLE]], 'out')
    const back = await handOver(VEHICLE, STORE, bags, bags)
    await recorded(city, 'custody.handed_over', () => send(back))
    same([(await boxOf()).holder, [...new Set(await holders())]], [STORE, [STORE]], 'back')
    await keeper.context().close()
  })
}
