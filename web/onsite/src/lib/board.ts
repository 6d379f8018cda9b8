// SPDX-License-Identifier: Apache-2.0
// What the whole site has issued and taken back in the chosen session, whichever desk did it;
// without a line, what was known last.
import { reactive } from 'vue'
import { rows } from './reading'
import { site } from './sitting'
import { place } from './terminal'

interface BagOf {
  bag: string
  session: string
  room: string
}
type Bags = { [room: string]: string } // of each the number
export const board = reactive({ out: {} as Bags, back: {} as Bags })

export async function loadBoard(): Promise<void> {
  const of = site.chosen
  if (!of) return
  const ask = (view: string): Promise<BagOf[]> => rows<BagOf>(`custody/${view}?session=${of}`)
  const [out, back] = await Promise.all([ask('room_bags'), ask('scripts')])
  if (of !== site.chosen) return
  const bags = (list: BagOf[]): Bags =>
    Object.fromEntries(
      list
        .filter((x) => x.session === of && x.room.startsWith(`${place.value}/`))
        .map((x) => [x.room, x.bag]),
    )
  board.out = bags(out)
  board.back = bags(back)
}
