// SPDX-License-Identifier: Apache-2.0
// So many acts a second at one site, for bench.mjs: candidates at the gate, and now and then a step.
// A process of its own, so that the browser is not kept waiting.
const [url, token, perSecond] = process.argv.slice(2)
const SITE = 'sc/cd/x01/s01', SESSION = 'd1-chinese', TURN_MS = 50
const STEPS = ['staff_in', 'papers_fetched', 'to_rooms', 'entry_open', 'cards_out', 'opened']
let given = 0, n = 0

function act() {
  const at = { place: SITE, session: SESSION }
  if (++n % 20 === 0)
    return ['sitting.report_step', { ...at, done: n % 28, step: STEPS[(n / 20) % STEPS.length] }]
  return ['sitting.pass_gate', { ...at, cleared: true, hits: 0,
    candidate: `X01S01R0${1 + (n % 9)}-${String(1 + (n % 30)).padStart(2, '0')}` }]
}

async function give() {
  const [name, data] = act()
  const key = `01900000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`
  const r = await fetch(`${url}/api/v1/commands/${name}`, { method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json',
      'Idempotency-Key': key },
    body: JSON.stringify({ data }) }).catch(() => null)
  if (r?.ok) given++
  else if (r && given === 0) console.error(await r.text())
}

let due = 0
setInterval(() => {
  for (due += (Number(perSecond) * TURN_MS) / 1000; due >= 1; due--) void give()
}, TURN_MS)
setInterval(() => process.send(given), 500)
