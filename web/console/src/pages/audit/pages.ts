// SPDX-License-Identifier: Apache-2.0
import type { Page } from '@/pages'

const pages: Page[] = [
  {
    path: '/audit/trace/:id?',
    name: 'auditTrace',
    component: () => import('./TracePage.vue'),
  },
  {
    path: '/audit/ledger',
    name: 'auditLedger',
    component: () => import('./LedgerPage.vue'),
    rights: ['ledger.read'],
  },
  {
    path: '/audit/alarms',
    name: 'auditAlarms',
    component: () => import('./FalsePage.vue'),
    views: ['alarm/alarms'],
  },
  {
    path: '/audit/openings',
    name: 'auditOpenings',
    component: () => import('./OpeningsPage.vue'),
    views: ['vault/openings', 'arrange/openings'],
  },
  {
    path: '/audit/waiting',
    name: 'auditWaiting',
    component: () => import('./WaitingPage.vue'),
    views: ['slot/waiting'],
  },
]
export default pages
