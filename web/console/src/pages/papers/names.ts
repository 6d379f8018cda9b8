// SPDX-License-Identifier: Apache-2.0
// Names of what the books are about: "paper.chinese.spare" (asset), "sc/cd/x01/s01", "X01-V02" or
// "used" (holder).
import { keyWords } from '@/api/catalogue'
import { levelOf, placeName } from '@/api/places'
import { sessions } from '@/api/programme'
import { i18n, said } from '@/words'

const t = i18n.global.t
const KINDS = ['paper', 'spare', 'card', 'scratch', 'barcode', 'listening', 'second']
// Special accounts: what went out of everybody's hands.
export const ACCOUNTS = ['printed', 'used', 'spoiled', 'missing', 'moved', 'destroyed'] as const

export const isAccount = (holder: string): boolean =>
  (ACCOUNTS as readonly string[]).includes(holder)

export function assetName(asset: string): string {
  const [, subject = '', kind = ''] = asset.split('.')
  const of = said(keyWords('subject', subject), subject)
  return KINDS.includes(kind) ? `${of} ${t(`papers.kind_${kind}`)}` : `${of} ${kind}`.trim()
}

export function holderName(holder: string): string {
  if (isAccount(holder)) return t(`papers.account_${holder}`)
  return levelOf(holder) > 1 ? placeName(holder) : holder
}

export const sessionName = (id: string): string =>
  said(
    sessions.value.find((s) => s.id === id),
    id,
  )
