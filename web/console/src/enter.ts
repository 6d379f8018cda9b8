// SPDX-License-Identifier: Apache-2.0
// What is read once before the first page is shown, and again after each login: all at once, none
// waits for another's answer. Who has not read all of it is not in.
import { loadCatalogue } from '@/api/catalogue'
import { askMe, me } from '@/api/me'
import { loadPlaces } from '@/api/places'
import { loadProgramme } from '@/api/programme'
import { observe } from '@/live/clock'
import { startFeed } from '@/live/feed'

export async function enter(): Promise<void> {
  const who = askMe()
  await Promise.all([who, loadCatalogue(), loadProgramme(), loadPlaces(who)])
  me.value = await who
  observe(Date.parse(me.value.now))
  startFeed()
}
