// SPDX-License-Identifier: Apache-2.0
// The server names a field by its code and path ("字段 to/0/to：…"); who fills the form in knows it by
// its label.
import type { Field, Words } from '@/api/catalogue'
import { Problem } from '@/api/client'

// "to/0/to" -> "受令单位 1 受令单位"; what is no field of the form stays as it is.
function labelOf(fields: Field[], path: string, lang: keyof Words): string {
  let at: Field[] | undefined = fields
  const names: string[] = []
  for (const part of path.split('/')) {
    if (/^\d+$/.test(part)) {
      names.push(String(Number(part) + 1))
      continue
    }
    const f: Field | undefined = at?.find((x) => x.name === part)
    if (!f) return path
    names.push(f[lang])
    at = f.fields
  }
  return names.join(' ')
}

function swap<T extends Words>(w: T, fields: Field[]): T {
  return {
    ...w,
    zh: w.zh.replace(/^字段 (\S+?)：/, (_, path: string) => `${labelOf(fields, path, 'zh')}：`),
    en: w.en.replace(/^field (\S+?): /, (_, path: string) => `${labelOf(fields, path, 'en')}: `),
  }
}

export function named(p: Problem, fields: Field[]): Problem {
  const { zh, en } = swap({ zh: p.zh, en: p.en }, fields)
  const errors = p.errors.map((e) => swap(e, fields))
  return new Problem(p.status, zh, en, p.article, errors, p.index)
}
