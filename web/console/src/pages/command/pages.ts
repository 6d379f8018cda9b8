// SPDX-License-Identifier: Apache-2.0
import type { Page } from '@/pages'

const pages: Page[] = [
  {
    path: '/command',
    name: 'commandDesk',
    component: () => import('./DutyDeskPage.vue'),
    views: ['duty/roster', 'alarm/alarms'],
  },
  {
    path: '/command/alarms',
    name: 'commandAlarms',
    component: () => import('./AlarmsPage.vue'),
    views: ['alarm/alarms'],
  },
  {
    path: '/command/orders',
    name: 'commandOrders',
    component: () => import('./OrdersPage.vue'),
    views: ['duty/orders'],
  },
  {
    path: '/command/calls',
    name: 'commandCalls',
    component: () => import('./CallsPage.vue'),
    views: ['duty/calls'],
  },
  {
    path: '/command/notices',
    name: 'commandNotices',
    component: () => import('./NoticesPage.vue'),
    views: ['service/notices'],
  },
  {
    path: '/command/sites',
    name: 'commandSites',
    component: () => import('./SitesPage.vue'),
    views: ['sitting/steps'],
  },
  {
    path: '/command/rows',
    name: 'commandRows',
    component: () => import('./RowsPage.vue'),
    offMenu: true,
  },
  {
    path: '/command/roster',
    name: 'commandRoster',
    component: () => import('./RosterPage.vue'),
    views: ['duty/roster'],
  },
  {
    path: '/command/report',
    name: 'commandReport',
    component: () => import('./DayReportPage.vue'),
    rights: ['duty.report'],
  },
  {
    path: '/wall',
    name: 'wall',
    component: () => import('./WallPage.vue'),
    views: ['sitting/steps'],
    bare: true,
  },
  {
    path: '/wall/duty',
    name: 'wallDuty',
    component: () => import('./DutyWallPage.vue'),
    views: ['alarm/alarms'],
    bare: true,
  },
]
export default pages
