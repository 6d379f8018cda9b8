// SPDX-License-Identifier: Apache-2.0
// The addresses. The scope (?at=PLACE) stays in the address from page to page; who is not logged in
// is led to the login page and back.
import {
  createRouter,
  createWebHashHistory,
  START_LOCATION,
  type RouteLocationNormalized,
  type RouteRecordRaw,
} from 'vue-router'
import { enter } from './enter'
import { unread } from './unread'
import { asProblem, whenLoggedOut } from '@/api/client'
import { me } from '@/api/me'
import { stopFeed } from '@/live/feed'
import { groups, maySee, type Page } from '@/pages'

declare module 'vue-router' {
  interface RouteMeta {
    page?: Page
  }
}

const all = groups.flatMap((g) => g.pages)
const record = (page: Page): RouteRecordRaw => ({
  path: page.path,
  name: page.name,
  component: page.component,
  meta: { page },
})

export const router = createRouter({
  history: createWebHashHistory(),
  routes: [
    { path: '/unread', name: 'unread', component: () => import('./layout/UnreadPage.vue') },
    { path: '/login', name: 'login', component: () => import('./pages/login/LoginPage.vue') },
    {
      path: '/',
      component: () => import('./layout/AppLayout.vue'),
      children: [
        { path: '', redirect: '/desk' },
        ...all.filter((p) => !p.bare).map(record),
        {
          path: ':rest(.*)*',
          name: 'notFound',
          component: () => import('./layout/NotFound.vue'),
        },
        { path: 'denied', name: 'denied', component: () => import('./layout/NotFound.vue') },
      ],
    },
    ...all.filter((p) => p.bare).map(record),
  ],
})

// The page's own files are fetched while its first reading is under way, not after it.
function fetchPage(to: RouteLocationNormalized): void {
  for (const { components } of to.matched) {
    const c = components?.default
    // What fails here fails again, and is told, when the page is shown.
    if (typeof c === 'function') void (c as () => Promise<unknown>)().catch(() => undefined)
  }
}

router.beforeEach(async (to, from) => {
  if (to.query.at === undefined && from.query.at !== undefined && to.name !== 'login') {
    return { ...to, query: { ...to.query, at: from.query.at }, replace: false }
  }
  if (to.name === 'login') return true
  if (!me.value) {
    fetchPage(to)
    try {
      await enter()
    } catch (e) {
      if (asProblem(e).status === 401) return { name: 'login', query: { to: to.fullPath } }
      if (to.name === 'unread') return true
      unread.value = asProblem(e)
      return { name: 'unread', query: { to: to.fullPath }, replace: true }
    }
  }
  const page = to.meta.page
  if (page && !maySee(page)) return { name: 'denied', query: to.query }
  return true
})

// Until its first navigation has ended the router hears of no address; who chose another meanwhile
// is led there.
let address = window.location.hash
router.beforeResolve((_to, from) => {
  if (from !== START_LOCATION || window.location.hash === address) return true
  address = window.location.hash
  return address.slice(1) || '/'
})

whenLoggedOut(() => {
  const was = me.value !== null
  me.value = null
  stopFeed()
  const now = router.currentRoute.value
  if (was && now.name !== 'login') {
    void router.push({ name: 'login', query: { to: now.fullPath, ended: '1' } })
  }
})
