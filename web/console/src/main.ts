// SPDX-License-Identifier: Apache-2.0
import { createApp } from 'vue'
import App from './App.vue'
import { router } from './router'
import { i18n } from './words'
import './theme.css'

createApp(App).use(router).use(i18n).mount('#app')
