// SPDX-License-Identifier: Apache-2.0
import { areaOf } from './index'

export default areaOf({
  zh: {
    title: '登录',
    person: '工号',
    password: '口令',
    code: '动态口令（6 位）',
    enter: '登录',
    missing: '请填写工号、口令和动态口令',
    note: '动态口令只用一次。登录、退出和失败的尝试都有记录。',
    ended: '登录已失效，请重新登录',
  },
  en: {
    title: 'Log in',
    person: 'Staff code',
    password: 'Password',
    code: 'One-time code (6 digits)',
    enter: 'Log in',
    missing: 'Staff code, password and one-time code are needed',
    note: 'A code counts once. Logins, logouts and failed attempts are recorded.',
    ended: 'Your login has ended: log in again',
  },
})
