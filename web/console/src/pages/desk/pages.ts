// SPDX-License-Identifier: Apache-2.0
import type { Page } from '@/pages'

const pages: Page[] = [{ path: '/desk', name: 'desk', component: () => import('./DeskPage.vue') }]
export default pages
