// SPDX-License-Identifier: Apache-2.0
// What is read once before the first page is shown, and again after each login.
import { loadCatalogue } from '@/api/catalogue'
import { loadMe } from '@/api/me'
import { loadPlaces } from '@/api/places'
import { loadProgramme } from '@/api/programme'
import { observe } from '@/live/clock'
import { startFeed } from '@/live/feed'

export async function enter(): Promise<void> {
  const who = await loadMe()
  observe(Date.parse(who.now))
  await Promise.all([loadCatalogue().then(loadProgramme), loadPlaces()])
  startFeed()
}
