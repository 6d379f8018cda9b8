// SPDX-License-Identifier: Apache-2.0
import type { Page } from '@/pages'

const pages: Page[] = []
export default pages
