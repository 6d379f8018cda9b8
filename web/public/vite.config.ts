// SPDX-License-Identifier: Apache-2.0
// One file that works where it was saved to, without a server: its script and style stand in it.
import { defineConfig, type Plugin } from 'vite'
import { resolve } from 'node:path'
import { entry } from '../build/target'

const base = entry('public')

// The built script and style, written into the page in place of their links.
function intoOneFile(): Plugin {
  return {
    name: 'into-one-file',
    enforce: 'post',
    generateBundle(_options, bundle) {
      for (const page of Object.values(bundle)) {
        if (page.type !== 'asset' || !page.fileName.endsWith('.html')) continue
        let html = String(page.source)
        for (const part of Object.values(bundle)) {
          if (part.type === 'chunk') {
            const link = new RegExp(`<script[^>]*${part.fileName}[^>]*></script>`)
            html = html.replace(link, '')
            const code = part.code.replace(/<\/script/g, '<\\/script')
            html = html.replace('</body>', () => `<script type="module">${code}</script>\n</body>`)
          } else if (part.fileName.endsWith('.css')) {
            const link = new RegExp(`<link[^>]*${part.fileName}[^>]*>`)
            html = html.replace(link, () => `<style>${String(part.source)}</style>`)
          } else {
            continue
          }
          delete bundle[part.fileName]
        }
        page.source = html
      }
    },
  }
}

export default defineConfig({
  ...base,
  plugins: [intoOneFile()],
  build: {
    ...base.build,
    rollupOptions: { input: resolve(__dirname, 'offline-verify.html') },
  },
})
