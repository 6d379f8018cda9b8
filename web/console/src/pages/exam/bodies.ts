// SPDX-License-Identifier: Apache-2.0
// Who decides what (谁决定), of the profile, and the names of those who do.
import { roleWords, type Words } from '@/api/catalogue'
import { i18n, said } from '@/words'

export interface Decision extends Words {
  id: string
  deciders: string[]
  consulted: string[]
  informed: string[]
  form: string
  phone: boolean
}

const { t, te } = i18n.global
// Of an office outside the system no role is kept: its name stands among the page's words.
const outside = (id: string): string => (te(`exam.body_${id}`) ? t(`exam.body_${id}`) : id)

export const bodies = (list: string[]): string =>
  list.map((r) => said(roleWords(r), outside(r))).join(t('exam.comma'))
