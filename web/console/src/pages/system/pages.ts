// SPDX-License-Identifier: Apache-2.0
import type { Page } from '@/pages'

const pages: Page[] = [
  {
    path: '/system/grants',
    name: 'systemGrants',
    component: () => import('./GrantsPage.vue'),
    views: ['authority/grants'],
  },
  {
    path: '/system/places',
    name: 'systemPlaces',
    component: () => import('./PlacesPage.vue'),
    commands: ['place.add', 'authority.grant', 'device.enroll', 'people.add_unit'],
  },
  {
    path: '/system/terminals',
    name: 'systemTerminals',
    component: () => import('./TerminalsPage.vue'),
    views: ['device/devices'],
  },
  {
    path: '/system/profiles',
    name: 'systemProfiles',
    component: () => import('./ProfilesPage.vue'),
    views: ['exam/adoptions'],
  },
  {
    path: '/system/doctor',
    name: 'systemDoctor',
    component: () => import('./DoctorPage.vue'),
    rights: ['system.doctor'],
  },
]
export default pages
