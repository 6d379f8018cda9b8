// SPDX-License-Identifier: Apache-2.0
// The two languages. Each file here is one area: `export default areaOf({ zh, en })`; its words are
// `FILE.NAME` in pages. Chinese first; what one language lacks does not compile (areaOf).
import { createI18n } from 'vue-i18n'
import type { Words } from '@/api/catalogue'

type Area = { zh: Record<string, string>; en: Record<string, string> }
export type Language = 'zh' | 'en'

// The same names in both.
export function areaOf<T extends Record<string, string>>(a: {
  zh: T
  en: { [K in keyof T]: string }
}): { zh: T; en: { [K in keyof T]: string } } {
  return a
}

const files = import.meta.glob<{ default: Area }>(['./*.ts', '!./index.ts'], { eager: true })
const messages: Record<Language, Record<string, Record<string, string>>> = { zh: {}, en: {} }
for (const [path, file] of Object.entries(files)) {
  const name = path.slice(2, -3)
  messages.zh[name] = file.default.zh
  messages.en[name] = file.default.en
}

const KEY = 'gongyuan.language'

function chosen(): Language {
  return localStorage.getItem(KEY) === 'en' ? 'en' : 'zh'
}

export const i18n = createI18n({
  legacy: false,
  locale: chosen(),
  fallbackLocale: false,
  missingWarn: true,
  messages,
})

export const language = (): Language => i18n.global.locale.value as Language

export function setLanguage(to: Language): void {
  localStorage.setItem(KEY, to)
  i18n.global.locale.value = to
  document.documentElement.lang = to === 'en' ? 'en' : 'zh-CN'
}
setLanguage(chosen())

// Of the two texts that the server gave.
export function said(w: Words | undefined, otherwise = ''): string {
  return w ? (language() === 'en' ? w.en : w.zh) || otherwise : otherwise
}

// The same as a heading or on a button: in English it begins with a capital.
export function titled(w: Words | undefined, otherwise = ''): string {
  const text = said(w, otherwise)
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}
