// SPDX-License-Identifier: Apache-2.0
import type { Page } from '@/pages'

const pages: Page[] = [
  {
    path: '/exam/readiness',
    name: 'examReadiness',
    component: () => import('./ReadinessPage.vue'),
    views: ['sitting/readiness'],
  },
  {
    path: '/exam/programme',
    name: 'examProgramme',
    component: () => import('./ProgrammePage.vue'),
  },
  {
    path: '/exam/import',
    name: 'examImport',
    component: () => import('./ImportPage.vue'),
    commands: [
      'exam.register_candidate',
      'arrange.plan_rooms',
      'people.register',
      'place.add',
      'authority.grant',
    ],
  },
  {
    path: '/exam/candidates',
    name: 'examCandidates',
    component: () => import('./CandidatesPage.vue'),
    views: ['exam/candidates'],
  },
  {
    path: '/exam/accommodations',
    name: 'examAccommodations',
    component: () => import('./AccommodationsPage.vue'),
    views: ['exam/accommodations'],
  },
  {
    path: '/exam/rooms',
    name: 'examRooms',
    component: () => import('./RoomsPage.vue'),
    views: ['arrange/rooms'],
  },
  {
    path: '/exam/seats',
    name: 'examSeats',
    component: () => import('./SeatsPage.vue'),
    views: ['arrange/seats'],
  },
  {
    path: '/exam/people',
    name: 'examPeople',
    component: () => import('./PeoplePage.vue'),
    views: ['people/persons'],
  },
  {
    path: '/exam/posts',
    name: 'examPosts',
    component: () => import('./PostsPage.vue'),
    views: ['people/posts'],
  },
]
export default pages
