// SPDX-License-Identifier: Apache-2.0
import type { Page } from '@/pages'

const pages: Page[] = [
  {
    path: '/papers/rooms',
    name: 'papersRooms',
    component: () => import('./RoomsPage.vue'),
    views: ['custody/rooms'],
  },
  {
    path: '/papers/consignments',
    name: 'papersConsignments',
    component: () => import('./ConsignmentsPage.vue'),
    views: ['custody/consignments'],
  },
  {
    path: '/papers/boxes',
    name: 'papersBoxes',
    component: () => import('./BoxesPage.vue'),
    views: ['custody/boxes'],
  },
  {
    path: '/papers/hand-over',
    name: 'papersHandOver',
    component: () => import('./HandOverPage.vue'),
    commands: ['custody.hand_over'],
  },
  {
    path: '/papers/trips',
    name: 'papersTrips',
    component: () => import('./TripsPage.vue'),
    views: ['custody/trips'],
  },
  {
    path: '/papers/balance',
    name: 'papersBalance',
    component: () => import('./BalancePage.vue'),
    rights: ['custody.read'],
  },
  {
    path: '/papers/reconcile',
    name: 'papersReconcile',
    component: () => import('./ReconcilePage.vue'),
    views: ['custody/bags'],
  },
  {
    path: '/papers/stops',
    name: 'papersStops',
    component: () => import('./StopsPage.vue'),
    views: ['custody/stops'],
  },
]
export default pages
