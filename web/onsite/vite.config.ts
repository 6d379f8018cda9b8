// SPDX-License-Identifier: Apache-2.0
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'
import { entry } from '../build/target'
import { serviceWorker } from './worker'

export default defineConfig({ ...entry('onsite'), plugins: [vue(), serviceWorker()] })
