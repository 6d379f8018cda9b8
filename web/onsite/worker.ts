// SPDX-License-Identifier: Apache-2.0
// Writes sw.js: the pages of this entry, kept by the browser so that a terminal starts without a
// line.  The list and its digest are the build's; a new build is fetched beside the old one and
// takes over when the page is opened next.
import { createHash } from 'node:crypto'
import type { Plugin } from 'vite'

const SCRIPT = `const NAME = 'onsite-DIGEST', FILES = LIST
self.addEventListener('install', (e) => {
  e.waitUntil(caches.open(NAME).then((c) => c.addAll(FILES)).then(() => self.skipWaiting()))
})
self.addEventListener('activate', (e) => {
  e.waitUntil(caches.keys().then((all) => Promise.all(
    all.filter((n) => n.startsWith('onsite-') && n !== NAME).map((n) => caches.delete(n))
  )).then(() => self.clients.claim()))
})
self.addEventListener('fetch', (e) => {
  const url = new URL(e.request.url), here = new URL('./', self.location.href)
  if (e.request.method !== 'GET' || !url.href.startsWith(here.href)) return
  const asked = e.request.mode === 'navigate' ? here.href : url.href
  e.respondWith(caches.match(asked).then((kept) => kept || fetch(e.request)))
})
`

export function serviceWorker(): Plugin {
  return {
    name: 'onsite-service-worker',
    apply: 'build',
    generateBundle(_, bundle) {
      const files = [
        './',
        './icon.svg',
        ...Object.keys(bundle)
          .filter((f) => f !== 'index.html')
          .map((f) => `./${f}`),
      ]
      const text = Object.keys(bundle)
        .sort()
        .map((f) => {
          const b = bundle[f]
          return f + (b.type === 'chunk' ? b.code : b.source)
        })
      const digest = createHash('sha256').update(text.join('\n')).digest('hex').slice(0, 16)
      this.emitFile({
        type: 'asset',
        fileName: 'sw.js',
        source: SCRIPT.replace('DIGEST', digest).replace('LIST', JSON.stringify(files)),
      })
    },
  }
}
