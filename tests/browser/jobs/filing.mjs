// SPDX-License-Identifier: Apache-2.0
// A form of two pages is printed, signed and scanned, and files itself when both are there: codes
// are read at the desk, a picture of nothing is told apart.  Poppler makes pictures of the PDF.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { go, recorded, rows, SITE } from '../small-city.mjs'
import { same, skip, until } from '../tap.mjs'

const sha256 = (file) => createHash('sha256').update(readFileSync(file)).digest('hex')

const ROOM = `${SITE}/r01`

function scanned(city, pdf) {
  const file = join(city.folder, 'form.pdf')
  writeFileSync(file, pdf)
  execFileSync('pdftoppm', ['-r', '150', '-png', file, join(city.folder, 'scan')])
  return [1, 2].map((n) => join(city.folder, `scan-${n}.png`))
}

export function hasPoppler() {
  try {
    execFileSync('pdftoppm', ['-v'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

export async function filing(city, people) {
  const { job, who, OFFICE, county } = people

  if (!hasPoppler()) return skip('county office: files a signed form', 'there is no pdftoppm')
  await job('county office', 'files a signed form by its scan', async () => {
    const reply = await county.context().request.get(
      `${city.url}/api/v1/forms/violation?place=${ROOM}&session=d1-chinese`)
    same(reply.status(), 200, await reply.text())
    const pages = scanned(city, await reply.body())
    const blank = join(city.folder, 'blank.png')
    writeFileSync(blank, 'no picture')
    await go(county, '/sitting/forms')
    await county.getByRole('button', { name: '归档扫描件' }).click()
    const pick = county.locator('.el-drawer input[type=file]')
    await pick.setInputFiles([pages[1], blank])
    await county.getByText('缺第 1 页').waitFor()
    await county.getByText('读不出二维码').waitFor()
    same(await county.getByRole('button', { name: '归档 0 份' }).isDisabled(), true, 'half a form')
    await pick.setInputFiles(pages[0])
    await county.getByText('2 页齐全，可归档').waitFor()
    const e = await recorded(city, 'filing.form_filed', () =>
      county.getByRole('button', { name: '归档 1 份' }).click())
    same([who(e), e.place, e.data.form, e.data.session, e.data.pages], [OFFICE, ROOM, 'violation',
      'd1-chinese', pages.map((p) => ({ scan: sha256(p) }))])
    await county.getByText('已归档 1 份').waitFor()
    same((await rows(county, `filing/forms?place=${ROOM}`)).map((r) => r.index), [e.idx])
    await until('the list behind it has the form', async () =>
      (await county.locator('.lines > .line').count()) === 1)
  })
}
