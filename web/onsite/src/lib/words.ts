// SPDX-License-Identifier: Apache-2.0
// Two languages: Chinese first; the other beside it where there is room, alone when asked for.
import { ref } from 'vue'

export type Lang = 'zh' | 'en'
export const lang = ref<Lang>((localStorage.getItem('lang') as Lang) || 'zh')

export function setLang(to: Lang): void {
  lang.value = to
  localStorage.setItem('lang', to)
  document.documentElement.lang = to === 'zh' ? 'zh-CN' : 'en'
}

export const tr = (zh: string, en: string): string => (lang.value === 'zh' ? zh : en)
export const says = (o: { zh: string; en: string }): string => tr(o.zh, o.en)
// The same as a heading, a label or on a button: in English it begins with a capital.
export function titled(o: { zh: string; en: string }): string {
  const text = says(o)
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}
