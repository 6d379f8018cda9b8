// SPDX-License-Identifier: Apache-2.0
import type { Page } from '@/pages'

const pages: Page[] = [
  {
    path: '/sitting/day',
    name: 'sittingDay',
    component: () => import('./DayPage.vue'),
    views: ['sitting/steps'],
  },
  {
    path: '/sitting/attendance',
    name: 'sittingAttendance',
    component: () => import('./AttendancePage.vue'),
    views: ['sitting/attendance'],
  },
  {
    path: '/sitting/sheets',
    name: 'sittingSheets',
    component: () => import('./SheetsPage.vue'),
    views: ['sitting/sheets'],
  },
  {
    path: '/sitting/violations',
    name: 'sittingViolations',
    component: () => import('./ViolationsPage.vue'),
    views: ['sitting/violations'],
  },
  {
    path: '/sitting/doubts',
    name: 'sittingDoubts',
    component: () => import('./DoubtsPage.vue'),
    views: ['sitting/doubts'],
  },
  {
    path: '/sitting/zeros',
    name: 'sittingZeros',
    component: () => import('./ZerosPage.vue'),
    views: ['duty/zeros'],
  },
  {
    path: '/sitting/forms',
    name: 'sittingForms',
    component: () => import('./FormsPage.vue'),
    views: ['filing/forms'],
  },
]
export default pages
