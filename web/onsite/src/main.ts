// SPDX-License-Identifier: Apache-2.0
import { createApp } from 'vue'
import App from './App.vue'
import './style/base.css'
import './style/parts.css'
import './style/desk.css'
import './style/pages.css'
import { begin } from './lib/terminal'
import { lang, setLang } from './lib/words'

setLang(lang.value)
createApp(App).mount('#app')
void begin()
// Without a line the pages come from the browser's own store.
if ('serviceWorker' in navigator && import.meta.env.PROD)
  void navigator.serviceWorker.register('./sw.js', { scope: './' })
