// SPDX-License-Identifier: Apache-2.0
// What every entry is built for: the oldest browser of the offices' machines, with assets beside
// the page: no host is named anywhere.
import { resolve } from 'node:path'
import type { UserConfig } from 'vite'

// The language of 2020 besides: Chrome 87 reads some newer words, which nothing here needs.
export const BROWSER = ['chrome87', 'es2020']

// The server that pages are tried against while they are written: GONGYUAN_SERVER=http://HOST:PORT.
const SERVER = process.env.GONGYUAN_SERVER ?? 'http://127.0.0.1:8080'

export function entry(name: string): UserConfig {
  const root = resolve(__dirname, '..', name)
  return {
    root,
    base: './',
    cacheDir: resolve(__dirname, '../node_modules/.vite', name),
    resolve: { alias: { '@': resolve(root, 'src') } },
    build: {
      outDir: resolve(__dirname, '../dist', name),
      emptyOutDir: true,
      target: BROWSER,
      cssTarget: BROWSER,
      assetsInlineLimit: 0, // data: addresses are not allowed by the pages' own rule (CSP)
      chunkSizeWarningLimit: 700,
      modulePreload: { polyfill: false },
    },
    server: { proxy: { '/api': { target: SERVER, changeOrigin: false } } },
  }
}
