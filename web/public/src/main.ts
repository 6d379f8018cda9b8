// SPDX-License-Identifier: Apache-2.0
// The form of the offline check.
import { check, type Verdict } from './check'
import './page.css'

const field = (id: string) => document.getElementById(id) as HTMLInputElement | HTMLTextAreaElement

function show(v: Verdict) {
  const to = document.getElementById('verdict')!
  const line = document.createElement('p')
  const list = document.createElement('ul')
  line.className = v.good ? 'good' : 'bad'
  line.textContent = `${v.good ? '✔' : '✘'} ${v.zh} ${v.en}`
  for (const m of v.more) {
    const item = document.createElement('li')
    item.textContent = `${m.zh} · ${m.en}`
    list.append(item)
  }
  to.replaceChildren(line, list)
}

document.getElementById('form')!.addEventListener('submit', (e) => {
  e.preventDefault()
  show(check(field('proof').value, field('leaf').value, field('keys').value))
})
