// SPDX-License-Identifier: Apache-2.0
import vue from '@vitejs/plugin-vue'
import Components from 'unplugin-vue-components/vite'
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers'
import { defineConfig } from 'vite'
import { entry } from '../build/target'

const base = entry('console')

export default defineConfig({
  ...base,
  // Thirty small files cost a first screen more than their bytes: the smallest are joined.
  build: { ...base.build, rollupOptions: { output: { experimentalMinChunkSize: 10_000 } } },
  plugins: [
    vue(),
    // Element Plus on demand: a component that a page names is imported with its style.
    Components({ resolvers: [ElementPlusResolver({ importStyle: 'css' })], dirs: [], dts: false }),
  ],
})
