// SPDX-License-Identifier: Apache-2.0
// A form is printed, signed and scanned, and files itself: its code is read at the desk, two
// pictures of nothing are told apart from it.  The pictures are made by Poppler from the PDF.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { COUNTY, go, recorded, rows } from '../small-city.mjs'
import { same, skip, until } from '../tap.mjs'

const sha256 = (file) => createHash('sha256').update(readFileSync(file)).digest('hex')

function scanned(city, pdf) {
  const file = join(city.folder, 'zero.pdf')
  writeFileSync(file, pdf)
  execFileSync('pdftoppm', ['-r', '150', '-png', file, join(city.folder, 'scan')])
  return join(city.folder, 'scan-1.png')
}

function hasPoppler() {
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
      `${city.url}/api/v1/forms/zero-report?place=${COUNTY}&session=d1-chinese`)
    same(reply.status(), 200, await reply.text())
    const picture = scanned(city, await reply.body())
    const blank = join(city.folder, 'blank.png')
    writeFileSync(blank, 'no picture')
    await go(county, '/sitting/forms')
    await county.getByRole('button', { name: '归档扫描件' }).click()
    await county.locator('.el-drawer input[type=file]').setInputFiles([picture, blank])
    await county.getByText('1 页齐全，可归档').waitFor()
    await county.getByText('读不出二维码').waitFor()
    const e = await recorded(city, 'filing.form_filed', () =>
      county.getByRole('button', { name: '归档 1 份' }).click())
    same([who(e), e.place, e.data.form, e.data.session, e.data.pages],
      [OFFICE, COUNTY, 'zero-report', 'd1-chinese', [{ scan: sha256(picture) }]])
    await county.getByText('已归档 1 份').waitFor()
    same((await rows(county, `filing/forms?place=${COUNTY}`)).map((r) => r.index), [e.idx])
    await until('the list behind it has the form', async () =>
      (await county.locator('.el-table-v2__main .el-table-v2__row').count()) === 1)
  })
}
