// SPDX-License-Identifier: Apache-2.0
// What a scanner gun types, whatever input method is on.  Under a Chinese input method letters and
// digits go into a composition and come out as something else: while one runs, the keys themselves
// are read (KeyboardEvent.code) and what the method makes of them is thrown away.
//
// Enter inside a composition is the input method's own, unless the keys came as fast as a gun's:
// then it is the gun's, and counts when the composition is over.
import { toHalf } from './bytes'

// Between two keys: guns take 1 to 20 ms, hands more than 80.
export const GUN_MS = 50

const SIGNS: { [code: string]: string } = {
  Minus: '-',
  NumpadSubtract: '-',
  Slash: '/',
  NumpadDivide: '/',
  Period: '.',
  NumpadDecimal: '.',
}

export function charOf(code: string): string {
  const m = /^(?:Key([A-Z])|Digit(\d)|Numpad(\d))$/.exec(code)
  return m ? (m[1] ?? m[2] ?? m[3]) : (SIGNS[code] ?? '')
}

export class Scan {
  private before = ''
  private keys = ''
  private enters = false
  private times: number[] = []
  private composing = false

  constructor(
    private box: HTMLInputElement,
    private done: (text: string, byHand: boolean) => void,
  ) {}

  start(): void {
    this.composing = true
    this.before = this.box.value
    // The key that began it came before the composition did.
    this.keys = this.keys.slice(-1)
  }

  end(): void {
    this.composing = false
    if (this.keys) this.box.value = this.before + this.keys
    this.keys = ''
    if (this.enters) this.finish()
    this.enters = false
  }

  key(e: KeyboardEvent): void {
    const under = e.isComposing || e.keyCode === 229 || this.composing
    if (e.code === 'Enter' || e.code === 'NumpadEnter') {
      if (under) this.enters = this.times.length > 1 && !this.byHand()
      else this.finish()
      if (!under) e.preventDefault()
      return
    }
    if (e.code === 'Escape') return this.clear()
    this.times.push(e.timeStamp)
    if (under) this.keys += charOf(e.code)
  }

  // Between two keys, the middle one of all.
  private byHand(): boolean {
    const gaps = this.times
      .slice(1)
      .map((at, i) => at - this.times[i])
      .sort((a, b) => a - b)
    return (gaps[Math.floor(gaps.length / 2)] ?? 0) > GUN_MS
  }

  clear(): void {
    this.box.value = this.keys = ''
    this.times = []
    this.enters = false
  }

  private finish(): void {
    const text = toHalf(this.box.value).toUpperCase()
    const byHand = this.byHand()
    this.clear()
    if (text) this.done(text, byHand)
  }
}
